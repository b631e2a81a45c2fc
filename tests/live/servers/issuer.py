"""Writes the two documents of an OpenID Connect issuer (discovery and keys) and prints an access token of its.

Needs PyJWT with its extra ``crypto``; runs in the environment of the server that is to believe it.
Run as: python issuer.py ISSUER AUDIENCE FOLDER ROLE...
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import jwt
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from jwt.algorithms import ECAlgorithm

HOURS = 4
"""A token is valid for so long."""


def main(issuer: str, audience: str, folder: Path, roles: Sequence[str]) -> str:
    """Write the documents below ``folder``, which is served at ``issuer``; gives a token with the roles."""
    key = generate_private_key(SECP256R1())
    public = {**ECAlgorithm.to_jwk(key.public_key(), as_dict=True), "kid": "test", "alg": "ES256", "use": "sig"}
    discovery = folder / ".well-known" / "openid-configuration"
    discovery.parent.mkdir(parents=True)
    discovery.write_text(json.dumps({"issuer": issuer, "jwks_uri": f"{issuer}/keys"}), "utf-8")
    (folder / "keys").write_text(json.dumps({"keys": [public]}), "utf-8")
    now = int(time.time())
    claims = {"iss": issuer, "aud": audience, "sub": "tester", "iat": now, "exp": now + HOURS * 3600, "roles": roles}
    return jwt.encode(claims, key, algorithm="ES256", headers={"kid": "test"})


if __name__ == "__main__":
    print(main(sys.argv[1], sys.argv[2], Path(sys.argv[3]), sys.argv[4:]))
