"""The JSON API, version 1: what programs and scripts of the pages talk to."""
