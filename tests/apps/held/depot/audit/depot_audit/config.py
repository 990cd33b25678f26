import json
from pathlib import Path

CONFIG = json.loads(Path(__file__).with_name("config.json").read_text())
EVIDENCE = {
    "prod": {"bucket": "depot-evidence-prod", "prefix": "counts"},
    "test": {"bucket": "depot-evidence-test", "prefix": "counts"},
}
