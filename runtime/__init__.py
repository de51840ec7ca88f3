"""What runs: web server, pages, API, worker and command line."""
