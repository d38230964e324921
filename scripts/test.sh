#!/usr/bin/env bash
# Runs the checks and tests, one named step after the other, and sums up.
#
#   scripts/test.sh all|lint|race|ui|keyring|e2e
#
# Every step runs even when one before it failed. The last line is
# "N passed, N failed, N skipped"; the exit code is 0 only without failures.
# With CI=true a skipped test is a failure unless .ci/allowed-skips names it.
set -u
cd "$(dirname "$0")/.."
: "${TAGS:=migrated_fynedo,x11}" "${LINT:=build/bin/golangci-lint}" "${GOLANGCI_VERSION:=v2.15.0}"
PATH=$PATH:/usr/sbin:/opt/homebrew/sbin:/usr/local/sbin
export CGO_ENABLED=1
# Without a session bus, asking for one would start a daemon that stays.
export DBUS_SESSION_BUS_ADDRESS="${DBUS_SESSION_BUS_ADDRESS:-disabled:}"

# Other brokers and codecs that ours are held against: a module of their own.
peers=brokerlocal/peers

out=build/test
mkdir -p "$out"
results=$out/results.tsv
: >"$results"
started=$SECONDS

# step NAME COMMAND…: runs the command, says how it went, notes it.
step() {
	name=$1
	shift
	printf '\n== %s\n' "$name"
	local from=$SECONDS failures verdict=pass
	failures=$(grep -c '^fail' "$results")
	"$@" || verdict=fail
	printf -- '-- %s: %s, %d s\n' "$name" "$verdict" $((SECONDS - from))
	# Steps of tests count test by test, unless they failed outside of any.
	if [ "$counted" = yes ]; then
		[ "$verdict" = pass ] && return
		[ "$(grep -c '^fail' "$results")" -gt "$failures" ] && return
	fi
	printf '%s\tcheck\t%s\t\n' "$verdict" "$name" >>"$results"
}

# gotest ARG…: go test; ordinary ok and FAIL lines and the output of failed
# tests on the screen, one line per test in $results. $runner, when set, is a
# command to run it under, and $module a folder with a go.mod of its own.
gotest() {
	${runner:-} go test ${module:+-C "$module"} -json -tags "$TAGS" -timeout 30m "$@" 2>&1 |
		awk -v results="$results" -f scripts/testsum.awk
	return "${PIPESTATUS[0]}"
}

# pure prints the packages without pixels. Fyne stays in ui and cmd/tidings;
# app/archtest proves it.
pure() { go list -tags "$TAGS" ./... | grep -Ev '^tidings/(ui|cmd/tidings)(/|$)|^tidings/app/archtest$'; }
pixels() { go list -tags "$TAGS" ./... | grep -E '^tidings/(ui|cmd/tidings)(/|$)'; }

check_format() {
	local files
	files=$(git ls-files -z --cached --others --exclude-standard '*.go' | xargs -0 gofmt -l) || return 1
	[ -z "$files" ] && return 0
	printf 'Not formatted (run gofmt -w on them):\n%s\n' "$files"
	return 1
}
# fetch gets the modules for everything below. The network fails now and then:
# here that is tried again, anywhere else it would be a failure.
fetch() {
	for pause in 5 15 30 0; do
		go mod download && go -C "$peers" mod download && return
		sleep "$pause"
	done
}
# tidy needs modules that nothing else does.
tidy() { go mod tidy -diff && go -C "$peers" mod tidy -diff; }
check_tidy() {
	tidy >/dev/null 2>&1 && return
	sleep 10
	tidy
}
check_vet() { go vet -tags "$TAGS,e2e" ./... && go vet -C "$peers" ./...; }
# The peers may know every library: that is what they are for.
check_lint() {
	scripts/install-lint.sh "$GOLANGCI_VERSION" "$LINT" && "$LINT" run --build-tags "${TAGS},e2e" &&
		(lint=$(realpath "$LINT") && cd "$peers" && "$lint" run --disable depguard)
}
check_scripts() {
	for f in scripts/*.sh .ci/run; do bash -n "$f" || return 1; done
}
run_arch() { gotest ./app/archtest/...; }
run_race() {
	local verdict=0
	gotest -race $(pure) || verdict=1
	module=$peers gotest -race ./... || verdict=1
	return "$verdict"
}
run_ui() {
	local packages
	packages=$(pixels)
	[ -n "$packages" ] || return 0
	# Tests that draw pictures for people to look at draw them too.
	local pictures=$PWD/$out/pictures
	mkdir -p "$pictures"
	LANG=en_US.UTF-8 KIT_DEMO=$pictures UI_PICTURES=$pictures SCREENS_DIR=$pictures gotest $packages
}
run_keyring() {
	runner=scripts/with-keyring.sh gotest -count=1 -run '^(TestSecretService|TestSecretsOfTheProgram)$' ./profiles/secrets ./cmd/tidings
}
# TestFlood and TestStart are measurements, for make bench.
run_e2e() {
	make --no-print-directory binaries &&
		LANG=en_US.UTF-8 TIDINGS_BIN=$PWD/build/tidings TIDINGS_SHOTS=$PWD/build/shots \
			TAGS="$TAGS,e2e" gotest -count=1 -skip "^Test(Flood|Start)$" ./cmd/tidings/e2e/...
}

static_checks() {
	counted=no
	step "gofmt" check_format
	step "shell syntax" check_scripts
	step "go.mod is tidy" check_tidy
	step "go vet" check_vet
	step "golangci-lint" check_lint
}
dynamic() {
	counted=yes
	for suite in "$@"; do
		case $suite in
		arch) step "architecture" run_arch ;;
		race) step "unit and contract tests, race detector on" run_race ;;
		ui) step "screens on the test driver" run_ui ;;
		keyring) step "a real keyring" run_keyring ;;
		e2e) step "end to end" run_e2e ;;
		esac
	done
}

# sum_up prints what was skipped and what failed, then the one line.
sum_up() {
	printf '\n== Summary (%d s)\n' $((SECONDS - started))
	awk -F '\t' -v ci="${CI:-}" '
		FNR == NR { if ($0 !~ /^#/ && NF >= 2) allowed[$1] = $2; next }
		$1 == "pass" { pass++; ran[$2 "/" $3] = 1 }
		$1 == "fail" { fail++; ran[$2 "/" $3] = 1; failed = failed "\n  " $2 " " $3 }
		$1 == "skip" { skips[$2 "/" $3] = $4 }
		END {
			# What one step left out may have run in a later one.
			for (id in skips) {
				if (id in ran) continue
				skip++
				reason = ""
				for (pattern in allowed) if (id ~ "^" pattern "$") reason = allowed[pattern]
				print "skipped  " id ": " skips[id] (reason == "" ? "" : " [allowed: " reason "]") | "sort"
				if (ci == "true" && reason == "") {
					fail++
					failed = failed "\n  " id " was skipped, and CI allows that only where .ci/allowed-skips names it"
				}
			}
			close("sort")
			if (failed != "") print "Failed:" failed
			printf "%d passed, %d failed, %d skipped\n", pass, fail, skip
			exit fail > 0
		}' .ci/allowed-skips "$results"
}

case ${1:-all} in
all)
	fetch
	static_checks
	dynamic arch race ui keyring e2e
	;;
lint) static_checks ;;
race | ui | keyring | e2e) dynamic "$1" ;;
*)
	echo "usage: scripts/test.sh all|lint|race|ui|keyring|e2e" >&2
	exit 2
	;;
esac
sum_up
