# 50 kills of a sync of the real mail archive; in `make check` there are five of a small one (tests/flow/kill.sh).
.PHONY: bench-kill
bench-kill: all
	@B=$(B) KILLS=$${KILLS:-50} MAIL=$${MAIL:-$${MERI_DATA:-$(CURDIR)/.data}/mail-list} tests/flow/kill.sh
