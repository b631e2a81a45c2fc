#!/bin/sh
# Installs what tests are run against: in tests/live real servers, that is Debian packages, and CKAN and a FAIR Data
# Point in environments of their own; in tests/browser Chromium and axe-core. Run as root on Debian; a second run takes
# seconds. Without it those tests are skipped (in CI they fail).
set -eu
cache=${LIVE_CACHE:-$HOME/.cache/ehds-catalogue-live}
mkdir -p "$cache"

servers="orthanc orthanc-dicomweb virtuoso-opensource-7 virtuoso-opensource-7-bin postgresql redis-server"
clients="dcmtk chromium"
command -v npm >/dev/null 2>&1 || clients="$clients nodejs npm"
building="gcc libc6-dev libpq-dev libmagic1 python3-dev python3-venv" # psycopg2, which CKAN asks for, comes as source only
missing=$(for package in $servers $clients $building; do
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q ' installed$' || echo "$package"
done)
if [ -n "$missing" ]; then
    apt-get update -qq
    # Nothing is started by its package: tests start what they need, on loopback.
    policy=/usr/sbin/policy-rc.d
    if [ ! -e "$policy" ]; then
        trap 'rm -f "$policy"' EXIT
        printf '#!/bin/sh\nexit 101\n' > "$policy"
        chmod +x "$policy"
    fi
    # shellcheck disable=SC2086
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing
    # Nor at the next start of the machine, or by a policy of the machine's own.
    for service in orthanc virtuoso-opensource-7 postgresql redis-server; do
        case " $(echo $missing) " in
            *" $service "*)
                service "$service" stop >/dev/null 2>&1 || true
                update-rc.d "$service" disable >/dev/null 2>&1 || true
                ;;
        esac
    done
fi

# What tests/browser runs inside pages.
(cd "$(dirname "$0")/../browser" && npm ci --silent --no-audit --no-fund)

# environment NAME PYTHON REQUIREMENT...: made anew unless it holds exactly that.
environment() {
    name=$1 python=$2
    shift 2
    if [ "$(cat "$cache/$name/installed" 2>/dev/null)" != "$*" ]; then
        rm -rf "${cache:?}/$name"
        "$python" -m venv "$cache/$name"
        "$cache/$name/bin/python" -m pip install --quiet --disable-pip-version-check "$@"
        echo "$*" > "$cache/$name/installed"
    fi
}

environment ckan "${PYTHON:-python3}" "ckan[requirements]==2.12.0" "ckanext-dcat==2.4.4" "ckanext-scheming==3.1.0"

for python in "${PYTHON:-python3}" python3.14 python3.13 python3.12 "$HOME"/.pyenv/versions/3.1[2-9].*/bin/python none; do
    "$python" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 12))' 2>/dev/null && break
done
if [ "$python" = none ]; then
    echo "No FAIR Data Point for the tests: it needs Python 3.12 or newer with venv." >&2
else
    environment fdp "$python" "fdpneo==0.17.0"
fi
