# Reads `go test -json`. Prints the package lines (ok, FAIL, ?) and the output
# of tests that failed; appends verdict, package, test and the reason of a
# skip to the file named by the variable results. Plain awk: mawk will do.

function field(name,    from, rest) {
	from = index($0, "\"" name "\":\"")
	if (!from) return ""
	rest = substr($0, from + length(name) + 4)
	if (match(rest, /^([^"\\]|\\.)*/)) return unescape(substr(rest, 1, RLENGTH))
	return ""
}

function unescape(s) {
	if (index(s, "\\") == 0) return s
	gsub(/\\\\/, "\001", s)
	gsub(/\\n/, "\n", s)
	gsub(/\\t/, "\t", s)
	gsub(/\\r/, "", s)
	gsub(/\\"/, "\"", s)
	gsub(/\\u003c/, "<", s)
	gsub(/\\u003e/, ">", s)
	gsub(/\\u0026/, "\\&", s)
	gsub(/\\u001b\[[0-9;]*m/, "", s)
	gsub(/\001/, "\\", s)
	return s
}

function flat(s) {
	gsub(/[\n\t ]+/, " ", s)
	sub(/^ /, "", s)
	return s
}

function note(verdict, why) {
	printf "%s\t%s\t%s\t%s\n", verdict, pkg, test, why >> results
}

!/^\{"/ { print; fflush(); next }
{
	action = field("Action"); pkg = field("Package"); test = field("Test")
	id = pkg "\t" test
}
action == "build-output" { printf "%s", field("Output"); fflush(); next }
action == "output" {
	text = field("Output")
	if (test == "") {
		if (text ~ /^(ok|FAIL|\?|---|panic|exit|coverage)/ || text ~ /^\t/) {
			if (text !~ /^\?.*no test files/ && text != "PASS\n" && text != "FAIL\n") { printf "%s", text; fflush() }
		} else if (text != "PASS\n") loose[pkg] = loose[pkg] text
		next
	}
	if (text ~ /^ *(=== |--- )/) next
	if (length(said[id]) < 60000) said[id] = said[id] text
	next
}
test != "" && action == "pass" { note("pass", ""); delete said[id] }
test != "" && action == "skip" { note("skip", flat(said[id])); delete said[id] }
test != "" && action == "fail" {
	note("fail", ""); bad[pkg] = 1
	printf "--- FAIL: %s %s\n%s", pkg, test, said[id]; fflush()
	delete said[id]
}
test == "" && action == "fail" {
	# A package can fail without a failed test: it did not build, it
	# panicked, a leak was found, the time ran out.
	if (!bad[pkg]) {
		test = "(package)"; note("fail", "")
		for (k in said) if (index(k, pkg "\t") == 1) printf "%s", said[k]
		printf "%s", loose[pkg]; fflush()
	}
}
