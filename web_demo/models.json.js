// models.json for a page that was opened from a folder; in base64, as all that is carried so.
(globalThis.kerasBiasFiles ??= {})["models.json"] = "eyJtb2RlbHMiOiBbXX0K";
