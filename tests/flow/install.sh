#!/usr/bin/env bash
# make install: what lies where, that it runs from there, and that an author can build a connector against it.
. "$(dirname "$0")/common.bash"
root=$(cd "$(dirname "$0")/../.." && pwd)
need "$merid" "$meri"
make -s -C "$root" B="$B" install DESTDIR="$T/root" PREFIX=/usr >"$T/out" 2>&1 || fail "make install"
for file in bin/merid bin/meri lib/meri/meri-connector lib/meri/plugins/notes.so include/meri/connector.h lib/pkgconfig/meri.pc \
	lib/systemd/system/merid.service share/doc/meri/README.md share/doc/meri/connectors.md share/doc/meri/meri.conf; do
	[[ -s $T/root/usr/$file ]] || fail "$file is not installed"
done
grep -rl '@PREFIX@' "$T/root" && fail "a place was not filled in"
ok what lies where

mkdir "$T/notes"
echo "A note" >"$T/notes/a.txt"
cat >"$T/meri.conf" <<END
[hub]
store = meri.db
socket = meri.sock
[source "notes"]
connector = notes
path = notes
END
run 0 "$T/root/usr/bin/merid" -c "$T/meri.conf" --once
expect_line notes "ok 1 0 0 0"
ok it runs from there

flags=$(PKG_CONFIG_PATH=$T/root/usr/lib/pkgconfig PKG_CONFIG_SYSROOT_DIR=$T/root pkg-config --cflags meri) || fail "pkg-config"
# shellcheck disable=SC2086 # several flags
"${CC:-cc}" -shared -fPIC $flags -o "$T/skeleton.so" "$T/root/usr/share/doc/meri/skeleton.c" || fail "the skeleton does not build"
ok an author can begin
