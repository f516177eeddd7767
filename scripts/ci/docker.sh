# shellcheck shell=bash
# Gives a Debian machine a Docker Engine, Compose v2 and what the engine tests make their images of.
# Source it and call docker_up before the tests and docker_down after them, or run it: docker.sh up | docker.sh down.
# An engine that is there already is used and left running.

DOCKER_STATE=${DOCKER_STATE:-/tmp/switchboard-engine}

docker_up() {
  mkdir -p "$DOCKER_STATE"
  docker_packages
  docker_engine
  docker compose version >/dev/null 2>&1 || docker_compose_plugin
}

docker_packages() {
  [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null || return 0
  local missing=()
  # Engine and client come in one package; a client alone is no engine.
  command -v dockerd >/dev/null || missing+=(docker.io)
  command -v iptables >/dev/null || missing+=(iptables)
  [ -x /bin/busybox ] || missing+=(busybox-static)
  command -v docker-registry >/dev/null || missing+=(docker-registry)
  [ "${#missing[@]}" -eq 0 ] && return 0
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}

docker_engine() {
  DOCKER_OURS=no
  docker info >/dev/null 2>&1 && return 0
  DOCKER_OURS=yes
  local log="$DOCKER_STATE/dockerd.log"
  setsid dockerd >"$log" 2>&1 </dev/null &
  echo "$!" >"$DOCKER_STATE/dockerd.pid"
  local tries
  for tries in $(seq 1 120); do
    docker info >/dev/null 2>&1 && return 0
    kill -0 "$(cat "$DOCKER_STATE/dockerd.pid")" 2>/dev/null || break
    sleep 0.5
  done
  echo "The Docker Engine did not come up (look ${tries}); its last words:" >&2
  tail -n 20 "$log" >&2
  return 1
}

# Compose v2 is a package of the next Debian release only. It is one static binary, so it is unpacked, not installed:
# the machine's own package lists stay as they are.
docker_compose_plugin() {
  local work="$DOCKER_STATE/compose" mirror plugin
  mirror=$(docker_debian_source) || { echo 'No Debian package source is known here: install Compose v2.' >&2; return 1; }
  rm -rf "$work"
  mkdir -p "$work/lists/partial"
  echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror trixie main" >"$work/sources.list"
  local own=(
    -o "Dir::Etc::sourcelist=$work/sources.list" -o Dir::Etc::sourceparts=-
    -o "Dir::State::Lists=$work/lists" -o "Dir::Cache::pkgcache=" -o "Dir::Cache::srcpkgcache="
    -o APT::Sandbox::User=root
  )
  apt-get "${own[@]}" update -qq
  (cd "$work" && apt-get "${own[@]}" download -qq docker-compose)
  dpkg -x "$work"/docker-compose_*.deb "$work/root"
  plugin=$(find "$work/root" -type f -name docker-compose -perm -u+x | head -n 1)
  mkdir -p "$HOME/.docker/cli-plugins"
  install -m 0755 "$plugin" "$HOME/.docker/cli-plugins/docker-compose"
  rm -rf "$work"
  docker compose version >/dev/null
}

# The archive this machine's own packages come from (not the one of security updates).
docker_debian_source() {
  { cat /etc/apt/sources.list /etc/apt/sources.list.d/* 2>/dev/null || true; } |
    sed -nE '/^[[:space:]]*#/d; s#^.*(https?://[^ ]+/debian)/?( .*)?$#\1#p' | sed -n 1p | grep .
}

docker_down() {
  local pid
  [ "${DOCKER_OURS:-yes}" = yes ] || return 0
  pid=$(cat "$DOCKER_STATE/dockerd.pid" 2>/dev/null) || return 0
  rm -f "$DOCKER_STATE/dockerd.pid"
  kill "$pid" 2>/dev/null || return 0
  local tries
  for tries in $(seq 1 60); do
    kill -0 "$pid" 2>/dev/null || return 0
    sleep 0.5
  done
  echo "The Docker Engine did not stop (look ${tries})." >&2
  kill -9 "$pid" 2>/dev/null || true
}

if [ "${BASH_SOURCE[0]}" = "$0" ]; then
  set -euo pipefail
  case "${1:-}" in
    up) docker_up ;;
    down) docker_down ;;
    *) echo 'Usage: docker.sh up | down' >&2; exit 2 ;;
  esac
fi
