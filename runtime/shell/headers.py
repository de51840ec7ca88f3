"""Security headers on every answer, errors and files included."""

from __future__ import annotations

from flask import Flask, Response, request

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; "
    "manifest-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; object-src 'none'; "
    "frame-ancestors 'self'"  # the designer previews pages in a frame of the same origin
)
# What people upload is never a page of ours, whatever it claims to be.
FILE_POLICY = "default-src 'none'; sandbox"


def install(app: Flask, *, secure: bool) -> None:
    """Put the headers on all answers of `app`."""

    @app.after_request
    def add(response: Response) -> Response:
        headers = response.headers
        headers.setdefault("Content-Security-Policy", POLICY)
        headers["X-Content-Type-Options"] = "nosniff"
        headers["Referrer-Policy"] = "same-origin"
        headers["Cross-Origin-Opener-Policy"] = "same-origin"
        headers["Cross-Origin-Resource-Policy"] = "same-origin"
        headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()"
        if secure:
            headers["Strict-Transport-Security"] = "max-age=63072000; includeSubDomains"
        if not request.path.startswith("/assets/"):
            headers.setdefault("Cache-Control", "no-store")
            headers["Vary"] = "Cookie, Authorization, HX-Request"
        return response
