# The one entry. `make` prints the verbs; ./run, ./test and .ci/run call only these.
.DEFAULT_GOAL := help
SHELL := /bin/bash
JOBS ?= $(shell nproc)
SOURCES = $(shell find src helpers bench tests -name '*.h' -o -name '*.cpp')

help:           ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*##/\t/' | expand -t 16

deps:           ## install what building and testing needs (Debian 12; packaging/packages.txt)
	@packaging/install-packages
release:        ## build/release/naklank, the program people use
	@tools/build release naklank naklank-decode naklank-media naklank-generate naklank-siprec-load
pages:          ## web/dist, the window's pages
	@cd web && ../tools/npm ci --no-audit --no-fund --loglevel=error && ../tools/npm run --silent build
pages-test:     ## the pages' own tests, and roads through the real service in a browser (NAKLANK)
	@cd web && ../tools/npm ci --no-audit --no-fund --loglevel=error && ../tools/npm run --silent check && ../tools/npm run --silent test:real
pages-looks:    ## every page in both faces and languages, light and dark, at three widths: axe-core and pictures; takes long
	@cd web && ../tools/npm run --silent test:browser
dev:            ## build and test, with assertions
	@tools/build dev && tools/ctest dev
asan:           ## build and test under AddressSanitizer and UndefinedBehaviorSanitizer
	@tools/build asan && tools/ctest asan
tsan:           ## build and test under ThreadSanitizer
	@tools/build tsan && tools/ctest tsan
coverage:       ## build and test, then a line per file: how much of it the tests reach
	@tools/build coverage && tools/ctest coverage && gcovr -r . build/coverage -f src/ -e '.*_(test|fuzz)\.cpp' --print-summary
fuzz:           ## build the fuzz targets and run each for a moment
	@tools/build fuzz && tools/ctest fuzz
fuzz-long:      ## each fuzz target for MINUTES (5)
	@tools/build fuzz && tools/fuzz-long $(or $(MINUTES),5)
bench:          ## the table of what the speed is meant to be (CALLS, FEW, MANY, SECONDS, RUNS)
	@$(MAKE) --no-print-directory release && bench/run
bench-compare:  ## is this slower than BASE (where the branch began)? instructions per room, time in pairs
	@$(MAKE) --no-print-directory release && bench/compare
soak:           ## a live load over a virtual cable: CALLS (200) at once for MINUTES (1); needs root
	@$(MAKE) --no-print-directory release && tests/soak/veth_load.py --naklank build/release/naklank \
	  --generate build/release/naklank-generate --work build/soak --calls $(or $(CALLS),200) \
	  --seconds $$(( 60 * $(or $(MINUTES),1) )) $(SOAK_OPTIONS)
bench-api:      ## the window with CALLS (1000000) in its list: pages, look-ups, many who listen
	@tools/build release naklank naklank-decode naklank-fill-catalogue && bench/api-run
bench-pages:    ## the pages in Chromium: how soon a call is in sight, a call of three hours sounds; how a long list scrolls
	@tools/build release naklank naklank-decode naklank-media naklank-fill-catalogue naklank-generate && $(MAKE) --no-print-directory pages && bench/pages-run
bench-import:   ## FILES (10000) of three minutes brought in, beside cp and sha256sum
	@tools/build release naklank naklank-decode naklank-media && bench/import-run
siprec-bench:   ## SIPREC calls: CALLS (1000) at once for MINUTES (3), then BUSY_RATE (200) new ones a second
	@$(MAKE) --no-print-directory release && bench/siprec-run
sim:            ## simulated runs of seeds SEEDS (1-1000): network, clock, disk and crashes made up
	@tools/build dev app_test && NAKLANK_SEEDS=$(or $(SEEDS),1-1000) build/dev/app_test --gtest_filter='simulation.*' --gtest_brief=1
soak-many:      ## 100,000 calls in one capture (CALLS): how long, how much memory; takes minutes
	@$(MAKE) --no-print-directory release && tests/soak/many_calls.py --naklank build/release/naklank --generate build/release/naklank-generate --work build/soak --calls $(or $(CALLS),100000)
scenes:         ## make the golden calls' captures again from their scripts
	@tools/scenes
sample:         ## make the sample call again from its script
	@samples/make
fresh:          ## prove ./run and ./test in a minimal Debian 12 of their own (needs root)
	@tools/fresh
check:          ## what every change must pass: format, the house's rules, dev, asan
	@$(MAKE) --no-print-directory format-check dev asan
format:         ## rewrite every source in the house's style
	@clang-format-19 -i $(SOURCES)
format-check:   ## fail when a source is not in the house's style
	@clang-format-19 --dry-run -Werror $(SOURCES)
tidy:           ## clang-tidy over what dev built
	@cmake --preset dev > /dev/null && find src helpers -name '*.cpp' ! -name '*_fuzz.cpp' | xargs -P $(JOBS) -n 4 clang-tidy-19 -p build/dev --quiet
install:        ## install into PREFIX (/usr/local): program, helper, man page, completions, service
	@packaging/install $(or $(PREFIX),/usr/local)
clean:          ## remove build/
	@rm -rf build

.PHONY: help deps release pages pages-test pages-looks dev asan tsan coverage fuzz fuzz-long bench bench-api bench-pages bench-import bench-compare siprec-bench soak soak-many sim scenes sample fresh check format format-check tidy install clean
