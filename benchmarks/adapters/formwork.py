"""Formwork through its API: the bench pack, a member's token, permissions on."""
from __future__ import annotations

import json
from urllib.parse import quote

from client import Req

from adapters.base import MARK, Adapter, dumps

DEAL = "/api/v1/bench/deal"


class Formwork(Adapter):
    name = "formwork"

    def login(self):
        self.headers = self.http.headers = {"Authorization": "Bearer " + self.opt["token"]}

    def create_entities(self):
        pass            # formwork pack install, see compare.py

    def _bulk(self, entity, rows):
        for at in range(0, len(rows), 500):
            answer = self.http.ok("POST", f"/api/v1/bench/{entity}", rows[at:at + 500]).json()
            for result in answer["results"]:
                if "id" not in result:
                    raise RuntimeError(str(result))
                yield result["id"]

    def load(self, companies, deals):
        companies = [dict(c) for c in companies]
        self.companies = list(self._bulk("company", companies))
        self._all = list(self._bulk("deal", [self.wire(d) for d in deals]))
        with open("results/formwork-ids.json", "w") as f:
            json.dump({"companies": self.companies, "deals": self._all}, f)
        self.sql("VACUUM ANALYZE")

    def _known(self):
        if not hasattr(self, "companies"):
            with open("results/formwork-ids.json") as f:
                known = json.load(f)
            self.companies, self._all = known["companies"], known["deals"]

    def wire(self, row):
        self._known()
        d = dict(row)
        d["company"] = self.companies[d["company"] - 1]
        d["owner_name"] = d.pop("owner")
        d["made_on"] = d.pop("created_on") + "Z"
        d["region"] = d["region"].replace("-", "_")
        d["source"] = d["source"].replace("-", "_")
        d["score"] = str(d["score"])
        return d

    def ids(self):
        self._known()
        return self._all

    def reset(self):
        table = self.sql("SELECT \"table\" FROM record_column WHERE \"column\" = '' AND app = 'bench'")
        for (name,) in table:
            columns = [c for (c,) in self.sql(f"SELECT column_name FROM information_schema.columns WHERE table_name = '{name}' AND column_name = 'search_text'")]
            if columns:
                self.sql(f"DELETE FROM \"{name}\" WHERE search_text LIKE '%{MARK.strip().lower()}%'")
                self.sql(f'VACUUM ANALYZE "{name}"')

    def r_login(self):
        return Req("POST", "/api/v1/session", dumps({"username": self.opt["user"], "password": self.opt["password"]}))

    def r_create(self, row):
        return Req("POST", DEAL, dumps(self.wire(row)))

    def r_get(self, id):
        return Req("GET", f"{DEAL}/{id}")

    def r_list(self, stage, region, total):
        text = quote(f'stage = "{stage}" and region = "{region.replace("-", "_")}"')
        return Req("GET", f"{DEAL}?filter={text}&sort=-amount&limit=50" + ("&count=exact" if total else ""))

    def r_deep(self, offset):
        raise NotImplementedError

    unsupported = ("deep",)   # pages are reached by cursor, not by offset

    def r_update(self, id, field, value):
        return Req("PATCH", f"{DEAL}/{id}", dumps({field: value}))

    def r_count(self, min_amount):
        return Req("GET", f"{DEAL}?filter={quote(f'amount >= {min_amount} and is_key = true')}&limit=1&fields=name&count=exact")

    def r_group(self, by):
        return Req("POST", f"{DEAL}/aggregate", dumps({"group_by": [by], "measures": [{"fn": "count"}, {"fn": "sum", "field": "amount"}]}))

    def r_search(self, term):
        return Req("GET", f"{DEAL}?q={quote(term)}&sort=-made_on&limit=50")

    def r_bulk(self, rows):
        return Req("POST", DEAL, dumps([self.wire(r) for r in rows]))

    def parse(self, op, body):
        d = json.loads(body)
        if op in ("list", "list_nototal", "search"):
            return {"rows": [dict(r, company_name=r["_titles"].get("company")) for r in d["items"]], "total": d.get("count")}
        if op == "get":
            return {"rows": [dict(d, company_name=d["_titles"].get("company"))]}
        if op == "count":
            return {"total": d["count"]}
        if op == "group":
            key = next(k for k in d["items"][0] if k not in ("count", "sum:amount", "_titles"))
            return {"groups": {r[key].replace("_", "-"): (r["count"], float(r["sum:amount"])) for r in d["items"]}}
        if op == "bulk" and any("id" not in r for r in d["results"]):
            raise AssertionError(str([r for r in d["results"] if "id" not in r][:1]))
        return {}


ADAPTER = Formwork
