# Everything: deps, build, run, check, bench, install. Out of tree in $(B); `make B=elsewhere` builds elsewhere.
B       ?= build
PREFIX  ?= /usr/local
DESTDIR ?=
VERSION := 0.1.0

CC      ?= cc
OPT     ?= -O2 -g
SAN     ?=
WARN    := -Wall -Wextra -Werror -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wpointer-arith -Wformat=2 -Wundef -Wvla
HARDEN  := -fstack-protector-strong -fPIE $(if $(SAN),,-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2)
HARDLD  := -pie -Wl,-z,relro,-z,now -Wl,--as-needed

PKGS_core := glib-2.0 gio-2.0 gio-unix-2.0 sqlite3 libmicrohttpd libcurl jansson libsodium libsystemd libpsl libvoikko zlib
PKGS_host := glib-2.0 gio-2.0 gio-unix-2.0 jansson libsodium libcurl libxml-2.0 libarchive libseccomp
LIBS_core := $(shell pkg-config --libs $(PKGS_core)) -lstemmer -lm -pthread
LIBS_host := $(shell pkg-config --libs $(PKGS_host)) -lm -pthread
CPPFLAGS  += -Iinclude -Icore -D_GNU_SOURCE -DMERI_VERSION='"$(VERSION)"' $(patsubst -I%,-isystem %,$(shell pkg-config --cflags $(PKGS_core) $(PKGS_host)))
CFLAGS    += -std=c17 $(OPT) $(WARN) $(HARDEN) $(SAN)
LDFLAGS   += $(HARDLD) $(SAN)

# `make V=1` shows the commands whole.
Q := $(if $(V),,@)
say = $(if $(V),,@printf '  %-5s %s\n' $(1) $(patsubst $(B)/%,%,$@))

obj = $(patsubst %.c,$(B)/obj/%.o,$(1))
SRC_both := $(wildcard core/base/*.c core/wire/*.c)
SRC_core := $(wildcard core/store/*.c core/text/*.c core/identity/*.c core/sync/*.c core/lookup/*.c core/serve/*.c core/web/*.c)
SRC_host := $(filter-out core/host/main.c,$(wildcard core/host/*.c))
SRC_cli  := $(wildcard core/cli/*.c)

# A connector is plugins/NAME.c, or plugins/NAME/ with any number of files and, where it needs libraries, a plugin.mk that
# sets NAME_PKGS (pkg-config) or NAME_LIBS.
PLUGIN_FILES := $(filter-out plugins/skeleton.c,$(wildcard plugins/*.c))
PLUGIN_DIRS  := $(patsubst plugins/%/,%,$(wildcard plugins/*/))
PLUGINS      := $(patsubst plugins/%.c,$(B)/plugins/%.so,$(PLUGIN_FILES) plugins/skeleton.c) $(PLUGIN_DIRS:%=$(B)/plugins/%.so)
-include $(wildcard plugins/*/plugin.mk)

PROGRAMS := $(B)/bin/merid $(B)/bin/meri $(B)/bin/meri-connector

.DEFAULT_GOAL := all
.DELETE_ON_ERROR:
.PHONY: tsan-run all programs plugins deps run check check-unit check-flow check-hostile check-browser asan tsan lint format fuzz install clean \
	bench bench-index bench-find bench-words bench-relevance bench-identity
all: programs plugins
programs: $(PROGRAMS)
plugins: $(PLUGINS)

# ---- programs: what each may link is the architecture ----
$(B)/lib/both.a: $(call obj,$(SRC_both))
$(B)/lib/core.a: $(call obj,$(SRC_core))
$(B)/lib/host.a: $(call obj,$(SRC_host))
$(B)/lib/%.a:
	@mkdir -p $(@D)
	$(call say,AR)
	$(Q)rm -f $@ && $(AR) rcs $@ $^

$(B)/bin/merid: $(call obj,core/merid.c) $(B)/lib/core.a $(B)/lib/both.a
	@mkdir -p $(@D)
	$(call say,LD)
	$(Q)$(CC) $(CFLAGS) -o $@ $^ $(LDFLAGS) $(LIBS_core)
$(B)/bin/meri: $(call obj,$(SRC_cli)) $(B)/lib/both.a
	@mkdir -p $(@D)
	$(call say,LD)
	$(Q)$(CC) $(CFLAGS) -o $@ $^ $(LDFLAGS) $(shell pkg-config --libs glib-2.0 gio-2.0 jansson libsodium libcurl)
$(B)/bin/meri-connector: $(call obj,core/host/main.c) $(B)/lib/host.a $(B)/lib/both.a
	@mkdir -p $(@D)
	$(call say,LD)
	$(Q)$(CC) $(CFLAGS) -o $@ $^ $(LDFLAGS) $(LIBS_host)

$(B)/obj/core/serve/openapi.o: core/serve/openapi.json
$(B)/obj/%.o: %.c
	@mkdir -p $(@D)
	$(call say,CC)
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<

# ---- the page: its files become part of core ----
include core/web/web.mk

# ---- connectors: see include/meri/connector.h and nothing of core/ ----
PLUGIN_CFLAGS = -std=c17 $(OPT) $(WARN) -fPIC -fvisibility=hidden -fstack-protector-strong $(SAN) -Iinclude -D_GNU_SOURCE
PLUGIN_LDFLAGS = -shared -Wl,-z,relro,-z,now -Wl,--as-needed $(SAN)
plugin_cflags = $(patsubst -I%,-isystem %,$(if $($(1)_PKGS),$(shell pkg-config --cflags $($(1)_PKGS))))
plugin_libs = $(if $($(1)_PKGS),$(shell pkg-config --libs $($(1)_PKGS))) $($(1)_LIBS)

$(B)/plugins/%.so: $(B)/obj/plugins/%.o
	@mkdir -p $(@D)
	$(call say,LD)
	$(Q)$(CC) $(PLUGIN_CFLAGS) -o $@ $^ $(PLUGIN_LDFLAGS)
$(B)/obj/plugins/%.o: plugins/%.c
	@mkdir -p $(@D)
	$(call say,CC)
	$(Q)$(CC) $(PLUGIN_CFLAGS) -MMD -MP -c -o $@ $<
define plugin_dir
$(B)/plugins/$(1).so: $$(patsubst plugins/%.c,$(B)/obj/plugins/%.o,$$(wildcard plugins/$(1)/*.c))
	@mkdir -p $$(@D)
	$$(call say,LD)
	$$(Q)$$(CC) $$(PLUGIN_CFLAGS) -o $$@ $$^ $$(PLUGIN_LDFLAGS) $$(call plugin_libs,$(1))
$(B)/obj/plugins/$(1)/%.o: plugins/$(1)/%.c
	@mkdir -p $$(@D)
	$$(call say,CC)
	$$(Q)$$(CC) $$(PLUGIN_CFLAGS) $$(call plugin_cflags,$(1)) -MMD -MP -c -o $$@ $$<
endef
$(foreach p,$(PLUGIN_DIRS),$(eval $(call plugin_dir,$(p))))

# ---- tests ----
# tests/unit/NAME.c is a cmocka program linked with all of core and host; what the test of a connector needs besides, its
# plugin.mk adds to LIBS_host of that test.
UNIT := $(patsubst tests/unit/%.c,$(B)/tests/%,$(wildcard tests/unit/*.c))
$(B)/tests/%: tests/unit/%.c $(B)/lib/core.a $(B)/lib/host.a $(B)/lib/both.a
	@mkdir -p $(@D)
	$(call say,LD)
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) -MMD -MP -MF $@.d -o $@ $< -Wl,--start-group $(B)/lib/core.a $(B)/lib/host.a $(B)/lib/both.a -Wl,--end-group \
		$(LDFLAGS) $(LIBS_core) $(LIBS_host) -lcmocka -ldl
# tests/hostile/NAME.c is a connector that misbehaves.
HOSTILE := $(patsubst tests/hostile/%.c,$(B)/tests/hostile/%.so,$(wildcard tests/hostile/*.c))
$(B)/tests/hostile/%.so: tests/hostile/%.c
	@mkdir -p $(@D)
	$(call say,LD)
	$(Q)$(CC) $(PLUGIN_CFLAGS) -MMD -MP -MF $@.d -o $@ $< $(PLUGIN_LDFLAGS)

# The groups run one after the other, whatever -j says: they share two cores with the daemons they start.
check: all
	@$(MAKE) --no-print-directory check-unit
	@$(MAKE) --no-print-directory check-flow
	@$(MAKE) --no-print-directory check-hostile
	@$(MAKE) --no-print-directory check-browser
check-unit: all $(UNIT)
	@B=$(B) tests/run unit $(UNIT)
check-flow: all
	@B=$(B) tests/run flow $(wildcard tests/flow/*.sh)
check-hostile: all $(HOSTILE)
	@B=$(B) tests/run hostile $(wildcard tests/hostile/*.sh)
check-browser: all $(B)/browser/installed
	@B=$(B) tests/run browser $(wildcard tests/browser/*.sh)

# The same tests under AddressSanitizer and UndefinedBehaviorSanitizer, built apart. Any report fails the test it came from.
asan:
	@ASAN_OPTIONS=detect_leaks=1:detect_stack_use_after_return=1:abort_on_error=0:exitcode=99 \
	UBSAN_OPTIONS=print_stacktrace=1:halt_on_error=1 LSAN_OPTIONS=suppressions=$(CURDIR)/tests/lsan.supp:print_suppressions=0 \
	$(MAKE) --no-print-directory B=$(B)-asan OPT="-O1 -g" \
		SAN="-fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer" check
# ThreadSanitizer for what runs in threads: the store's writer beside readers, the daemon under load.
tsan:
	@TSAN_OPTIONS=suppressions=$(CURDIR)/tests/tsan.supp:halt_on_error=1:exitcode=66 \
	$(MAKE) --no-print-directory B=$(B)-tsan OPT="-O1 -g" SAN="-fsanitize=thread" tsan-run
tsan-run: all $(B)/tests/test_writer
	@B=$(B) tests/run tsan $(B)/tests/test_writer tests/flow/threads.sh tests/flow/login.sh

# ---- lint: clang builds it too, clang-tidy has nothing to say, and the house keeps its walls ----
LINT_C := $(filter-out tests/%,$(shell git ls-files '*.c' 2>/dev/null))
lint:
	@$(MAKE) --no-print-directory B=$(B)-clang CC=clang all
	@tests/house
	@printf '%s\n' $(filter core/%,$(LINT_C)) | xargs -P 2 -n 8 sh -c 'clang-tidy --quiet "$$@" -- -std=c17 $(filter-out -DMERI_VERSION%,$(CPPFLAGS)) -DMERI_VERSION=__FILE__ 2>/dev/null' lint
	@printf '%s\n' $(filter plugins/%,$(LINT_C)) | xargs -P 2 -n 8 sh -c 'clang-tidy --quiet "$$@" -- -std=c17 -Iinclude -D_GNU_SOURCE \
		$(patsubst -I%,-isystem %,$(shell pkg-config --cflags gmime-3.0)) 2>/dev/null' lint
format:
	clang-format -i $(shell git ls-files '*.c' '*.h')

# ---- fuzzing: tests/fuzz/NAME.c is a libFuzzer target; `make fuzz SECONDS=60` gives each that long ----
SECONDS ?= 60
FUZZ := $(patsubst tests/fuzz/%.c,$(B)/fuzz/%,$(wildcard tests/fuzz/*.c))
-include $(wildcard tests/fuzz/*.mk tests/bench/*.mk tests/browser/*.mk)

# ---- the demo ----
# Installs what is missing, builds, reads the demo's sources, and says where to look. Ctrl-C ends it.
run:
	@$(MAKE) --no-print-directory deps SETS="build run"
	@$(MAKE) --no-print-directory all
	@B=$(B) conf/demo/run

# ---- installing ----
# Packages that are missing, by the one list.
SETS ?= build run
deps:
	@conf/deps $(SETS)

LIBDIR := $(PREFIX)/lib/meri
install: all
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(LIBDIR)/plugins $(DESTDIR)$(PREFIX)/include/meri $(DESTDIR)$(PREFIX)/share/doc/meri \
		$(DESTDIR)$(PREFIX)/lib/pkgconfig $(DESTDIR)$(PREFIX)/lib/systemd/system
	install -m 755 $(B)/bin/merid $(B)/bin/meri $(DESTDIR)$(PREFIX)/bin
	install -m 755 $(B)/bin/meri-connector $(DESTDIR)$(LIBDIR)
	install -m 644 $(filter-out %/skeleton.so,$(PLUGINS)) $(DESTDIR)$(LIBDIR)/plugins
	install -m 644 include/meri/connector.h $(DESTDIR)$(PREFIX)/include/meri
	install -m 644 README.md LICENSE plugins/skeleton.c conf/meri.conf $(DESTDIR)$(PREFIX)/share/doc/meri
	install -m 644 plugins/README.md $(DESTDIR)$(PREFIX)/share/doc/meri/connectors.md
	printf 'prefix=%s\nplugindir=$${prefix}/lib/meri/plugins\n\nName: meri\nDescription: header for connectors of the Meri hub\nVersion: %s\nCflags: -I$${prefix}/include\n' \
		'$(PREFIX)' '$(VERSION)' > $(DESTDIR)$(PREFIX)/lib/pkgconfig/meri.pc
	for unit in conf/*.service conf/*.timer; do \
		sed 's|@PREFIX@|$(PREFIX)|g' $$unit > $(DESTDIR)$(PREFIX)/lib/systemd/system/$$(basename $$unit); done

bench: bench-index bench-find bench-words bench-relevance bench-identity
clean:
	rm -rf $(B) $(B)-asan $(B)-tsan $(B)-clang

-include $(shell find $(B) -name '*.d' 2>/dev/null)
