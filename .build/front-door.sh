# What the front doors share; sourced by them, in POSIX sh, with $house set to the project's root.
# shellcheck shell=sh disable=SC2154

# Sets $jdk to the home of a JDK 25 or later, or ends the script with one line that says what to install.
find_jdk() {
    jdk=$("$house/.build/jdk") || exit 1
}

# True if a source or a pom of one of the given modules is newer than the last build by a front door.
# Folders count too: a removed file is a change of its folder.
is_stale() {
    built=$house/$1/target/front-door.built
    [ -e "$built" ] || return 0
    for module in "$@"; do
        # One process for each module, since every start waits for it; a part that is not there is no matter.
        if [ -n "$(find "$house/pom.xml" "$house/$module/pom.xml" "$house/$module/src/main" \
            "$house/$module/src/test" -newer "$built" -print -quit 2> /dev/null)" ]; then
            return 0
        fi
    done
    return 1
}

# Waits until no other front door builds the given module. The lock is a link whose text is the process id of
# its holder: made in one step, and known to be left over when that process is gone.
lock() {
    mkdir -p "$house/$1/target"
    lock=$house/$1/target/front-door.lock
    until ln -s "$$" "$lock" 2> /dev/null; do
        kill -0 "$(readlink "$lock")" 2> /dev/null || rm -f "$lock"
        sleep 0.2
    done
}

# build MODULE [OTHER...]: packages MODULE, and the OTHER modules that it stands on, unless that was done
# since the last change. Says so on stderr, since the first time takes a while. The tests are not run here.
build() {
    is_stale "$@" || return 0
    if ! command -v mvn > /dev/null 2>&1; then
        echo "Maven (mvn) not found: install version 3.8.7 or later; it builds $1 on first use." >&2
        exit 1
    fi
    lock "$1"
    if is_stale "$@"; then
        echo "Building $1; the first time this can take a minute ..." >&2
        # Dated before the build: a file that is saved while it runs is newer, and is built the next time.
        touch "$house/$1/target/front-door.started"
        # JAVA25_HOME shows Maven a JDK in a place where it would not look. What Maven says, which is
        # errors only, goes to stderr: stdout belongs to the program behind the door.
        if ! JAVA25_HOME=$jdk mvn -q -f "$house/pom.xml" -pl "$1" -am -DskipTests package >&2; then
            rm -f "$lock"
            echo "Building $1 failed, for the reason above." >&2
            exit 1
        fi
        mv "$house/$1/target/front-door.started" "$house/$1/target/front-door.built"
    fi
    rm -f "$lock"
}
