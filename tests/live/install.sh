#!/bin/sh
# Installs the real servers that the tests in tests/live are run against: Debian packages, and CKAN in an environment of
# its own. Run as root on Debian; a second run takes seconds. Without it those tests are skipped (in CI they fail).
set -eu
cache=${LIVE_CACHE:-$HOME/.cache/ehds-catalogue-live}
mkdir -p "$cache"

packages="orthanc orthanc-dicomweb virtuoso-opensource-7 virtuoso-opensource-7-bin postgresql redis-server iproute2"
missing=$(for package in $packages; do dpkg -s "$package" >/dev/null 2>&1 || echo "$package"; done)
if [ -n "$missing" ]; then
    apt-get update -qq
    # Nothing is started by its package: tests start what they need, on loopback.
    policy=/usr/sbin/policy-rc.d
    [ -e "$policy" ] || { printf '#!/bin/sh\nexit 101\n' > "$policy" && chmod +x "$policy" && mine=yes; }
    # shellcheck disable=SC2086
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing
    [ -z "${mine:-}" ] || rm "$policy"
fi

if [ ! -x "$cache/ckan/bin/ckan" ]; then
    rm -rf "$cache/ckan"
    "${PYTHON:-python3}" -m venv "$cache/ckan"
    "$cache/ckan/bin/pip" install --quiet --disable-pip-version-check \
        "ckan[requirements]==2.12.0" "ckanext-dcat==2.4.4" "ckanext-scheming==3.1.0"
fi
