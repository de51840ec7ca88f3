"""Files: uploaded one by one, sent only through a record that the person may read."""

from __future__ import annotations

from urllib.parse import quote

import orjson
from flask import Blueprint, Response, g, request

from engine import Invalid, Problem, required_id
from runtime.shell.application import application, the_engine, the_work
from runtime.shell.errors import problem_json
from runtime.shell.headers import FILE_POLICY

blueprint = Blueprint("files", __name__)


@blueprint.post("/files")
def upload() -> Response:
    request.max_content_length = application().settings.max_file + 65536
    given = request.files.get("file")
    if given is None or not given.filename:
        raise Invalid(Problem("request.file_missing", {}, ("file",)))
    try:
        file = the_engine().records.store_file(the_work(), given.stream, given.filename,
                                               limit=application().settings.max_file)
    except Invalid as error:
        return problem_json(422, list(error.problems), g.language)
    body = {"id": str(file.id), "name": file.name, "size": file.size, "href": f"/files/{file.id}"}
    return Response(orjson.dumps(body), status=201, content_type="application/json")


@blueprint.get("/files/<id>")
def download(id: str) -> Response:
    file, path = the_engine().records.open_file(the_work(), required_id(id, "file.not_found"))

    def chunks() -> object:
        with path.open("rb") as stream:
            while block := stream.read(65536):
                yield block

    response = Response(chunks(), content_type=file.media_type)  # type: ignore[arg-type]
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(file.name)}"
    response.headers["Content-Security-Policy"] = FILE_POLICY
    response.headers["Content-Length"] = str(file.size)
    return response
