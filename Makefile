# One pattern rule per kind of file. A server is one file, servers/NAME.c; the library that
# it needs is named in its own head comment (" * library: libuv") and read from there.

CC       = cc
OPTIMISE = -O2 -g -fno-omit-frame-pointer
WARN     = -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wvla -Wformat=2
STANDARD = -std=gnu11 -D_GNU_SOURCE -iquote harness -iquote harness/test -iquote servers
CFLAGS   = $(STANDARD) $(OPTIMISE) $(WARN) -Werror -MMD -MP
LDFLAGS  =
BUILD    = build
FUZZ_SECONDS = 20
PREFIX   = /usr/local
DESTDIR  =
SANITIZE = -fsanitize=address,undefined -fno-sanitize-recover=all -O1 -g \
           -fno-omit-frame-pointer
FUZZ     = $(SANITIZE) -fsanitize=fuzzer-no-link,float-cast-overflow

SERVERS       := $(patsubst servers/%.c,$(BUILD)/servers/%,$(wildcard servers/*.c))
# Not in the default line-up: each beside its model (servers/README.md).
VARIANTS      := $(patsubst servers/%.c,$(BUILD)/servers/%,$(wildcard servers/variants/*.c))
PARTS         := $(shell grep -l '^ \* model: ' servers/*.c servers/variants/*.c)
MODELS        := $(wildcard $(foreach name,$(sort $(shell sed -n 's/^ \* model: //p' /dev/null $(PARTS))),\
                     servers/$(name).c servers/variants/$(name).c))
CORE          := $(patsubst %.c,$(BUILD)/obj/%.o,$(wildcard servers/core/*.c))
HARNESS       := $(patsubst %.c,$(BUILD)/obj/%.o,$(filter-out harness/test/% harness/tools/%,\
                     $(wildcard harness/*.c harness/*/*.c)))
ASSETS        := $(wildcard harness/render/*.txt harness/render/*.css harness/render/*.js harness/report/*.tsv)
SERVER_TESTS  := $(patsubst servers/test/%_test.c,$(BUILD)/test/%_test,$(wildcard servers/test/*_test.c))
HARNESS_TESTS := $(patsubst %.c,$(BUILD)/test/%,$(notdir $(wildcard harness/test/*/*_test.c)))
FIXTURES      := $(patsubst %.c,$(BUILD)/test/%,$(notdir $(wildcard harness/test/*/*_server.c)))
# Those with threads, for ThreadSanitizer; none that hands clients from thread to thread by EPOLL_CTL_MOD,
# which it does not know to order anything. It keeps signals back until a call that it knows returns, and
# does not know liburing's.
THREADED      := $(patsubst servers/%.c,$(BUILD)/tsan/servers/%,$(shell grep -L ' library: liburing' $$(grep -l '<pthread\.h>' servers/*.c)))
FUZZERS       := $(patsubst %_fuzz.c,%,$(notdir $(wildcard servers/test/*_fuzz.c harness/test/*/*_fuzz.c)))
SOURCES       := $(wildcard servers/*.[ch] servers/*/*.[ch] harness/*.[ch] harness/*/*.[ch] \
                     harness/tools/*/*.[ch] harness/test/*/*.[ch])
# What compiles by itself: of a variant the whole.
LINTED        := $(filter-out $(PARTS),$(filter %.c,$(SOURCES))) $(PARTS:servers/%=$(BUILD)/servers/%)
SHELL_SCRIPTS := run_all.sh .ci/run $(wildcard servers/core/compile servers/articles/compile harness/tools/*.sh harness/test/*.sh)
# The articles' systems: scripts, or run by one.
SYSTEMS       := $(filter-out %/README.md,$(wildcard servers/articles/*))
SCRIPTS       := $(SHELL_SCRIPTS) $(SYSTEMS) $(wildcard servers/examples/*) servers/core/weave.awk

# The tests of a folder lie in the folder of the same name; the programs lie together.
vpath %_test.c servers/test $(wildcard harness/test/*)
vpath %_server.c $(wildcard harness/test/*)

.DELETE_ON_ERROR:
.SECONDARY:
.PHONY: all servers tests sanitized test test-long tsan tsan-servers lint lint-arrows lint-tidy lint-analyze lint-cppcheck \
        lint-shellcheck lint-format lint-style format plots articles bench bench-peers variants bench-report install dist \
        calibrate fidelity limits-table fresh fuzz fuzzers clean force

all: $(BUILD)/abacus $(BUILD)/pace servers

servers: $(SERVERS) $(VARIANTS)

# What was built with: every object depends on it, so a change of flags rebuilds, and abacus
# reads it to say how its servers were compiled.
$(BUILD)/flags: force
	@mkdir -p $(@D)
	@printf '%s\n%s\n' "$$($(CC) --version | head -n 1)" '$(OPTIMISE) $(LDFLAGS)' >$@.$$$$ && \
	{ cmp -s $@.$$$$ $@ && rm $@.$$$$ || mv $@.$$$$ $@; }

$(BUILD)/obj/%.o: %.c $(BUILD)/flags
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) -c -o $@ $<

# A file of the report, as bytes that C finds as _binary_PATH_start and _end.
$(ASSETS:%=$(BUILD)/obj/%.o): $(BUILD)/obj/%.o: %
	@mkdir -p $(@D)
	$(LD) -r -b binary -z noexecstack -o $@ $<

$(BUILD)/core.a: $(CORE)
	rm -f $@ && ar rcs $@ $^

# All of the harness but what has a main(), so that tests can link it.
$(BUILD)/harness.a: $(filter-out %/main.o %/pace/pace.o,$(HARNESS)) $(ASSETS:%=$(BUILD)/obj/%.o)
	rm -f $@ && ar rcs $@ $^

# A server whose library is missing is left out loudly: NAME.missing says why, and the
# tables repeat it.
$(BUILD)/servers/%: servers/%.c $(BUILD)/core.a servers/core/compile
	@mkdir -p $(@D)
	CC='$(CC)' sh servers/core/compile $< $@ $(BUILD)/core.a -- $(CFLAGS) $(LDFLAGS)

# Some are a part of a file; their model has the rest.
$(PARTS:servers/%.c=$(BUILD)/servers/%): $(MODELS) servers/core/weave.awk

# The whole is made with its server; that it is gone is no error.
$(PARTS:servers/%=$(BUILD)/servers/%):

$(BUILD)/abacus: $(BUILD)/obj/harness/main.o $(BUILD)/harness.a
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ -ljansson -linih -lz -lm

# The load tool of our own.
$(BUILD)/pace: $(BUILD)/obj/harness/pace/pace.o $(BUILD)/harness.a
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ -ljansson -lm

# From the records of `make calibrate` to its result.
$(BUILD)/calibration: $(BUILD)/obj/harness/tools/calibrate.o $(BUILD)/harness.a
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ -ljansson -linih -lz -lm

# Preloaded into a server that is measured.
$(BUILD)/test/%.so: harness/tools/%.c $(BUILD)/flags
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(LDFLAGS) -fPIC -shared -o $@ $<

$(SERVER_TESTS): $(BUILD)/test/%: %.c $(BUILD)/core.a
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $< $(BUILD)/core.a -lcmocka

$(HARNESS_TESTS): $(BUILD)/test/%: %.c $(BUILD)/harness.a
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $< $(BUILD)/harness.a -lcmocka -ljansson -linih -lz -lm

# Never sanitized: they are broken on purpose, and a sanitized process forks many times slower.
$(FIXTURES): $(BUILD)/test/%: %.c $(BUILD)/flags
	@mkdir -p $(@D)
	$(CC) $(STANDARD) -O2 -g $(WARN) -Werror -o $@ $<

# Loops without HTTP, to be measured beside the servers.
BARE := $(BUILD)/test/bare_epoll $(BUILD)/test/bare_io_uring
$(BARE): $(BUILD)/test/%: harness/tools/%.c $(BUILD)/core.a servers/core/compile
	@mkdir -p $(@D)
	CC='$(CC)' sh servers/core/compile $< $@ $(BUILD)/core.a -- $(CFLAGS) $(LDFLAGS)

tests: $(SERVER_TESTS) $(HARNESS_TESTS) $(FIXTURES) $(BARE) $(BUILD)/calibration

# The programs again under the sanitizers, which end a program that does what C leaves
# undefined: what the tests run.
sanitized:
	$(MAKE) BUILD=$(BUILD)/sanitized OPTIMISE="$(SANITIZE)" all tests

# All is built before anything is tried, by as many compilers as make may start. Runs are made by
# the programs as they are: sanitized ones start and fork many times slower, and valgrind runs none.
test: all $(BUILD)/calibration sanitized fuzzers tsan-servers
	sh harness/test/all.sh $(BUILD)/sanitized

# What takes minutes each: tables of the articles' own systems, profiles of several processes.
test-long: articles sanitized
	LONG=1 sh harness/test/all.sh $(BUILD)/sanitized

# The sanitized abacus beside the servers as they are: runs are made by it, since a sanitized server
# starts and forks many times slower, and valgrind runs none.
TRIED = $(BUILD)/sanitized/tried
tried: servers sanitized
	@mkdir -p $(TRIED)
	@ln -f $(BUILD)/sanitized/abacus $(BUILD)/sanitized/pace $(TRIED)
	@ln -sfn ../../servers $(TRIED)/servers
	@ln -sfn ../../flags $(TRIED)/flags

# All of a run's report again, and so its pictures, after a change of a script.
DIR = results/latest
plots: $(BUILD)/abacus
	$(BUILD)/abacus report $(DIR) >/dev/null
	@echo 'made again: the tables, the plots and the page of $(DIR)'

# The servers with threads under ThreadSanitizer: what it has to say breaks their silence on
# standard error, which is one of the checks. The other sanitizers cannot see a data race.
CHECKER = $(BUILD)/abacus
tsan: tsan-servers $(CHECKER)
	$(CHECKER) check $(THREADED)

tsan-servers:
	$(MAKE) BUILD=$(BUILD)/tsan OPTIMISE="-fsanitize=thread -O1 -g" $(THREADED)

# The articles' own systems: most are scripts, two are compiled. They are no part of `all`.
articles: all
	@sh servers/articles/compile $(BUILD)/articles

# nginx, lighttpd, h2o and Apache beside our fastest: ten minutes, on a machine that does nothing else.
bench-peers: all $(BARE)
	sh harness/tools/bench_peers.sh $(BUILD)

# What each variant in servers/variants/ is worth: 10 minutes, alone. The record goes to a new folder.
variants: all
	sh harness/tools/variants.sh $(BUILD) $(or $(RUN),results/variants) servers/README.md $(OPTIONS)

bench: all $(BUILD)/test/bare_epoll
	sh harness/tools/bench.sh $(BUILD)

bench-report: all $(BUILD)/test/cost
	sh harness/tools/bench_report.sh $(BUILD)

$(BUILD)/test/cost: harness/tools/cost.c $(BUILD)/flags
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $<

# 40 minutes on a machine that does nothing else. Its record goes to OUT, a new folder; TRY=1
# only tries that it works, in some minutes; OPTIONS are for each `abacus run`.
OUT = results/calibration
calibrate: all $(BUILD)/calibration $(BUILD)/test/burn.so
	@mkdir -p $(dir $(OUT))
	TRY=$(TRY) sh harness/tools/calibrate.sh $(BUILD) $(OUT) $(OPTIONS)

# Whether slices measure what whole trials would: 20 minutes, alone.
fidelity: all
	sh harness/tools/fidelity.sh $(BUILD) results/fidelity

# The last two columns of a table in servers/README.md, as this machine finds them: some minutes, alone.
limits-table: all
	@limits=$$(mktemp -d) && trap 'rm -rf "$$limits"' EXIT && \
	    $(BUILD)/abacus limits --out "$$limits" && \
	    sh harness/tools/limits_table.sh "$$limits/limits.csv" servers/README.md

# The one command where nothing is installed: needs root and debootstrap, and an hour.
fresh: fresh-bookworm fresh-trixie

fresh-%:
	sh harness/tools/fresh_root.sh $* --quick
	sh harness/tools/fresh_root.sh $* --test

lint: lint-arrows lint-tidy lint-analyze lint-cppcheck lint-shellcheck lint-format lint-style

# Which folder may include from which.
lint-arrows:
	sh harness/tools/arrows.sh

# tidy FILES, CHECKS, OPTIONS: one clang-tidy a core, since it looks at one file at a time.
define tidy
	printf '%s\n' $(1) | xargs -P "$$(nproc)" -I {} clang-tidy --quiet --checks='$(2)' {} -- \
	    $(STANDARD) '-DLIBRARY_VERSION=""' $(3) >$(BUILD)/$@ 2>&1; status=$$?; \
	grep -v "warnings generated" $(BUILD)/$@; exit $$status
endef

lint-tidy: $(SERVERS) $(VARIANTS)
	$(call tidy,$(LINTED),-clang-analyzer-*)

# What clang finds by following a function, which takes as long as all other linters together: for a third
# of the usual steps, behind which are the same lines again, by longer paths. Not the tests, which run
# under the sanitizers, nor the variants, most of which is their model.
ANALYZED = $(foreach file,$(LINTED),$(if $(findstring /test/,$(file))$(findstring /variants/,$(file)),,$(file)))
ANALYZER_ALONE = -bugprone-*,-misc-*,-performance-*,-readability-*
lint-analyze: $(SERVERS)
	$(call tidy,$(ANALYZED),$(ANALYZER_ALONE),-Xclang -analyzer-config -Xclang max-nodes=75000)

# Not what cppcheck believes to see across files: that whatever is passed by address is read.
# Nor the tests, whose macros it does not know; the sanitizers watch those.
lint-cppcheck: $(SERVERS) $(VARIANTS)
	cppcheck --quiet --error-exitcode=1 --enable=warning,performance \
	    --suppress=ctuuninitvar --suppress=ctunullpointer \
	    --suppress=normalCheckLevelMaxBranches --std=c11 -D_GNU_SOURCE '-D__asm__(name)=' \
	    -Iharness -Iservers $(foreach file,$(LINTED),$(if $(findstring /test/,$(file)),,$(file)))

lint-shellcheck:
	shellcheck $(SHELL_SCRIPTS) servers/articles/scala servers/articles/warp

lint-format:
	clang-format --dry-run -Werror $(SOURCES)

format:
	clang-format -i $(SOURCES)

# A file says first what it is called, and under what licence it stands.
lint-style:
	@awk 'FNR == 1 { name = FILENAME; sub(".*/", "", name) } \
	    FNR <= 2 && index($$0, name " - ") { named[FILENAME] = 1 } \
	    FNR <= 4 && /^[-\/ #*]* SPDX-License-Identifier: MIT/ { licensed[FILENAME] = 1 } \
	    END { for (i = 1; i < ARGC; i++) { \
	        if (!(ARGV[i] in named)) { print ARGV[i] ": its first line does not name it"; failed = 1 } \
	        if (!(ARGV[i] in licensed)) { print ARGV[i] ": no licence in its first lines"; failed = 1 } } \
	        exit failed }' $(SOURCES) $(SCRIPTS) $(ASSETS)

# Whatever comes from outside: bounded, since a fuzzer never ends by itself. New finds stay in
# the build; the folders corpus/ are where they start from.
fuzz: $(FUZZERS:%=fuzz-%)

fuzz-%: fuzzers
	@mkdir -p $(BUILD)/fuzz/corpus/$*
	$(BUILD)/fuzz/test/$*_fuzz -max_total_time=$(FUZZ_SECONDS) -timeout=60 -max_len=20000 \
	    -print_final_stats=1 -artifact_prefix=$(BUILD)/fuzz/ $(BUILD)/fuzz/corpus/$* \
	    $(wildcard */test/corpus/$*)

# By clang, which has libFuzzer; what gcc warns of is enough.
fuzzers:
	$(MAKE) BUILD=$(BUILD)/fuzz CC=clang WARN= OPTIMISE="$(FUZZ)" \
	    $(FUZZERS:%=$(BUILD)/fuzz/test/%_fuzz)

$(BUILD)/test/%_fuzz: servers/test/%_fuzz.c $(BUILD)/core.a
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) -fsanitize=fuzzer -o $@ $< $(BUILD)/core.a

# What reads a record and shows it; a fuzzer needs no more of the harness.
READERS = base host load model stats analyse render report
$(BUILD)/readers.a: $(foreach folder,$(READERS),$(filter $(BUILD)/obj/harness/$(folder)/%,$(HARNESS))) \
                    $(ASSETS:%=$(BUILD)/obj/%.o)
	rm -f $@ && ar rcs $@ $^

$(BUILD)/test/%_fuzz: harness/test/model/%_fuzz.c $(BUILD)/readers.a
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) -fsanitize=fuzzer -o $@ $< $(BUILD)/readers.a -ljansson -linih -lz -lm

# What a run needs, and no source: abacus finds its own things beside itself.
TREE   = $(DESTDIR)$(PREFIX)/lib/abacus
SHARE  = $(DESTDIR)$(PREFIX)/share
install: all
	install -d $(TREE)/build/servers $(TREE)/harness/suites $(TREE)/harness/profile $(TREE)/plots \
	    $(TREE)/servers/examples $(DESTDIR)$(PREFIX)/bin $(SHARE)/man/man1 $(SHARE)/fish/vendor_completions.d \
	    $(SHARE)/bash-completion/completions $(SHARE)/zsh/site-functions
	install -m 755 $(BUILD)/abacus $(BUILD)/pace $(TREE)/build
	install -m 644 $(BUILD)/flags $(TREE)/build
	for server in $(SERVERS) $(VARIANTS); do \
	    [ ! -x $$server ] || install -D -m 755 $$server $(TREE)/build/$${server#$(BUILD)/}; \
	done
	install -m 644 harness/suites/*.ini $(TREE)/harness/suites
	install -m 644 harness/profile/article.json harness/profile/trace.bt $(TREE)/harness/profile
	install -m 644 plots/*.gp $(TREE)/plots
	cp -p servers/examples/* $(TREE)/servers/examples
	ln -sf ../lib/abacus/build/abacus ../lib/abacus/build/pace $(DESTDIR)$(PREFIX)/bin
	$(BUILD)/abacus manual >$(SHARE)/man/man1/abacus.1
	$(BUILD)/pace --manual >$(SHARE)/man/man1/pace.1
	$(BUILD)/abacus completion bash >$(SHARE)/bash-completion/completions/abacus
	$(BUILD)/abacus completion zsh >$(SHARE)/zsh/site-functions/_abacus
	$(BUILD)/abacus completion fish >$(SHARE)/fish/vendor_completions.d/abacus.fish

VERSION = $(shell sed -n 's/^.define ABACUS_VERSION "\(.*\)"/\1/p' harness/base/version.h)
dist:
	git archive --prefix=abacus-$(VERSION)/ HEAD | gzip -9n >abacus-$(VERSION).tar.gz

clean:
	rm -rf $(BUILD)

-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)
