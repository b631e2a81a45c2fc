"""Who may assess in tests: a data holder and a health data access body, each with a token."""

from __future__ import annotations

import hashlib

from tests.web.page import ONCOLOGY

HOLDER, BODY = "https://registry.example.org/lakeland", "https://hdab.example.org/lakeland"
HOLDER_TOKEN, BODY_TOKEN = "holder-token-0123456789", "body-token-0123456789"
ACTORS = f"""
@prefix cat: <https://w3id.org/ehds-catalogue/ns#> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
<{HOLDER}> a foaf:Agent ; foaf:name "Cancer Registry of Lakeland" ; cat:role cat:HealthDataHolder ;
    cat:mayAssess <{ONCOLOGY}> ; cat:tokenDigest "sha256:{hashlib.sha256(HOLDER_TOKEN.encode()).hexdigest()}" .
<{BODY}> a foaf:Agent ; foaf:name "Access body of Lakeland" ; cat:role cat:HealthDataAccessBody ;
    cat:tokenDigest "sha256:{hashlib.sha256(BODY_TOKEN.encode()).hexdigest()}" .
"""
