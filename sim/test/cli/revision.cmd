# Two builds of one commit with different changes are not of one revision; what is no part of the program names none.
cd "$(mktemp -d)" && mkdir .ci core sim scenarios && cp $HERE/../../../.ci/revision .ci/ || exit
git() { command git -c user.name=n -c user.email=e -c init.defaultBranch=main -c commit.gpgsign=false "$@"; }
for f in core/a.c sim/b.c scenarios/c.scn Makefile; do echo "$f" >$f; done
git init -q . && git add -A && git commit -qm one
is() { echo "$1: $(.ci/revision | sed 's/^[0-9a-f]\{7,12\}/COMMIT/; s/-[0-9a-f]\{8\}$/-CHANGES/')"; .ci/revision >"$2"; }
is clean 0
echo 1 >>core/a.c; is "core changed" 1
echo 2 >>core/a.c; is "and again" 2; cmp -s 1 2 && echo the same
git checkout -q core; echo 1 >sim/new.c; is "a new file" 3; echo 2 >sim/new.c; is "another one" 4; cmp -s 3 4 && echo the same
rm sim/new.c; echo 1 >>scenarios/c.scn; is "a scenario" 5; echo 2 >>scenarios/c.scn; is "and again" 6; cmp -s 5 6 && echo the same
git checkout -q scenarios; is "clean again" 7; cmp -s 0 7 && echo the same
echo v9 >.version; is "an archive" 8
rm -rf "$PWD"
