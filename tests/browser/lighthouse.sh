#!/usr/bin/env bash
# Lighthouse on the views that everybody uses: 95 or more in performance, accessibility and best practices. Not under a sanitizer,
# whose slowness is not the page's.
. "$(dirname "$0")/common.bash"
! nm -D "$merid" 2>/dev/null | grep -q __asan_init || skip "under a sanitizer nothing is as fast as it is"
demo_hub
browse lighthouse.mjs
grep '^# .*performance' "$T/scenes" | sed 's/^# //'
hub_stop
