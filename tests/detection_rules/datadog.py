"""Reads payloads of Datadog's API into the client's model of them; prints what it does not know."""

import json
import sys

from datadog_api_client import Configuration
from datadog_api_client.model_utils import ModelNormal, validate_and_convert_types
from datadog_api_client.v2.model.security_monitoring_standard_rule_create_payload import (
    SecurityMonitoringStandardRuleCreatePayload,
)


def unknown(value, path):
    """Values and keys that the model lets pass, but has not."""
    inside = []
    if isinstance(value, ModelNormal):
        for key in value.to_dict():
            if key not in value.attribute_map:
                inside.append(f"{path}.{key} is no key of it")
            else:
                inside.extend(unknown(getattr(value, key), f"{path}.{key}"))
    elif isinstance(value, (list, tuple)):
        for index, inner in enumerate(value):
            inside.extend(unknown(inner, f"{path}[{index}]"))
    # What holds something unknown is marked as well.
    if not inside and getattr(value, "_unparsed", False):
        inside.append(f"{path}: {value} is no value of it")
    return inside


complaints = []
for path in sys.argv[1:]:
    with open(path, encoding="utf-8") as file:
        payload = json.load(file)
    try:
        # `check_type`, and from the names that the API has.
        rule = validate_and_convert_types(
            payload,
            (SecurityMonitoringStandardRuleCreatePayload,),
            ["payload"],
            True,
            True,
            Configuration(),
        )
    except Exception as error:  # It has several.
        complaints.append(f"{path}: {error}")
    else:
        complaints.extend(unknown(rule, path))
if complaints:
    sys.exit("\n".join(complaints))
