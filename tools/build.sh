# Sourced by the programs of tools/ with `root` set to the checkout: how a preset is built and tested.

# build_preset NAME: configures and builds a preset of CMakePresets.json into build/NAME. Quiet: the compiler's words
# go to build/NAME.log, which is shown if it fails.
build_preset() {
  local preset="$1" log="$root/build/$1.log"
  mkdir -p "$root/build"
  prepare_cache
  printf 'building %s (log: %s)\n' "$preset" "build/$preset.log" >&2
  if ! (cd "$root" && cmake --preset "$preset" && cmake --build --preset "$preset") </dev/null >"$log" 2>&1; then
    grep -nE 'error|Error|FAILED' "$log" | head -n 40 >&2 || true
    echo '...' >&2
    tail -n 60 "$log" >&2
    printf 'building %s failed; all of it is in %s\n' "$preset" "$log" >&2
    return 1
  fi
}

# run_ctest PRESET [OPTION...]: runs the tests of a built preset, as many at a time as there are processors.
run_ctest() {
  local preset="$1"
  shift
  ctest --test-dir "$root/build/$preset" --output-on-failure --no-tests=error -j "$(nproc)" "$@" </dev/null
}

# The compiler cache lives in the user's home, or beside the build where there is no home that can be written.
prepare_cache() {
  if [ -z "${CCACHE_DIR:-}" ] && { [ -z "${HOME:-}" ] || [ ! -w "$HOME" ]; }; then
    export CCACHE_DIR="$root/build/ccache"
  fi
  # A clone in another folder finds what the first one compiled.
  export CCACHE_BASEDIR="$root" CCACHE_NOHASHDIR=1
}
