# The JUnit classes in the Windows JVM. To be sourced after lib.sh.

TEST_LIMIT=1200  # seconds for the tests of one module

# prepare_tests: the test classes, and in each module's target folder its class path. They are built if they are missing
# or a pom.xml has changed, and not if sources have changed.
prepare_tests() {
    local module=$ROOT/namedpipe-core
    if [[ ! -d $module/target/test-classes || ! -f $module/target/windows-class-path.txt ||
            -n $(find "$ROOT/pom.xml" "$ROOT"/*/pom.xml -newer "$module/target/windows-class-path.txt" -print -quit) ]]; then
        echo "building the tests" >&2
        (cd "$ROOT" && timeout 1800 mvn -q -B test-compile dependency:build-classpath -Dmdep.includeScope=test \
            -Dmdep.outputFile=target/windows-class-path.txt < /dev/null >&2) || die "the tests cannot be built"
    fi
    local version
    version=$(grep -o 'junit-platform-engine-[0-9.]*[0-9]' "$module/target/windows-class-path.txt" | head -n 1)
    version=${version##*-}
    CONSOLE=$WINDOWS/junit-platform-console-standalone-$version.jar
    [[ -f $CONSOLE ]] || (cd "$ROOT" && timeout 600 mvn -q -B -N dependency:copy -DoutputDirectory="$WINDOWS" \
        -Dartifact="org.junit.platform:junit-platform-console-standalone:$version" < /dev/null >&2) ||
        die "the JUnit console launcher cannot be fetched"
}

# run_tests MODULE: prints tests run, failed and skipped, each failure, and each skip with its reason.
run_tests() {
    local target=$ROOT/$1/target log=$WINDOWS/tests-$1.log class_path run fail skip code
    class_path=$target/classes:$target/test-classes:$(< "$target/windows-class-path.txt"):$CONSOLE
    (cd "$ROOT/$1" && timeout --kill-after=10 "$TEST_LIMIT" "${JAVA[@]}" -cp "$(windows_class_path "$class_path")" \
        org.junit.platform.console.ConsoleLauncher execute --disable-banner --disable-ansi-colors \
        --details=tree --details-theme=ascii --fail-if-no-tests \
        --scan-classpath="$(windows_path "$target/test-classes")" --include-classname='.*Tests' \
        < /dev/null > "$log" 2>&1)
    code=$?
    sed -i 's/\r$//' "$log"
    run=$(count "$log" 'tests started') fail=$(count "$log" 'tests failed')
    skip=$(grep -c ' \[S\] ' "$log")
    echo "$1 in the Windows JVM: $run tests run, $fail failed, $skip skipped (a class that is skipped counts as one)"
    sed -n "s/^[| +'-]*\(.*\) \[S\] \(.*\)/    skipped: \1: \2/p" "$log"
    sed -n "s/^[| +'-]*\(.*\) \[X\] \?\(.*\)/    FAILED: \1: \2/p" "$log"
    if ((code != 0 && fail == 0)); then
        echo "    FAILED: exit code $code; the end of the log:"
        tail -n 30 "$log" | sed 's/^/    | /'
        fail=1
    fi
    passed=$((passed + run - fail)) failed=$((failed + fail)) skipped=$((skipped + skip))
}

# count LOG WHAT: the number in a line of JUnit's summary
count() {
    local number
    number=$(sed -n "s/^\[ *\([0-9]*\) $2 *\]$/\1/p" "$1" | tail -n 1)
    echo "${number:-0}"
}

# run_benchmark: our channel against bare calls; prints ratios
run_benchmark() {
    local target=$ROOT/namedpipe-test/target class_path
    class_path=$target/classes:$target/test-classes:$(< "$target/windows-class-path.txt")
    if timeout 180 "${JAVA[@]/-XX:TieredStopAtLevel=1/-XX:+TieredCompilation}" -cp "$(windows_class_path "$class_path")" \
            io.namedpipe.transport.windows.EchoBenchmark 1000 20 < /dev/null > "$WINDOWS/benchmark.log" 2>&1; then
        tr -d '\r' < "$WINDOWS/benchmark.log"
        passed=$((passed + 1))
    else
        echo "FAILED: the benchmark; the end of its log:"
        tail -n 10 "$WINDOWS/benchmark.log" | sed 's/^/    | /'
        failed=$((failed + 1))
    fi
}
