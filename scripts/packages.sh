# Sourced by the scripts beside it: installs Debian packages that are missing, and says which.

install_packages() {
    local missing=() package
    for package in "$@"; do
        if ! dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed'; then
            missing+=("$package")
        fi
    done
    if ((${#missing[@]} == 0)); then
        return
    fi
    local as_root=()
    if (($(id -u) != 0)); then
        as_root=(sudo)
    fi
    echo "installing: ${missing[*]}" >&2
    "${as_root[@]}" apt-get update -qq >&2
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
        apt-get install -y -qq --no-install-recommends "${missing[@]}" >&2
}

require_cargo() {
    if ! command -v cargo >/dev/null; then
        echo "cargo is missing: install Rust 1.90 or later with rustup" >&2
        exit 2
    fi
}

# What the build needs: a C and C++ compiler, cmake and the sqlite3 program for PROJ; fonts for the maps.
BUILD_PACKAGES=(build-essential cmake sqlite3 fonts-noto-cjk)
