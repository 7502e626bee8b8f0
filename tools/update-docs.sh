#!/usr/bin/env bash
# Writes docs/commands.md and docs/config.md anew, from the table of commands and from the schema of config files: after a change
# of either. 'git diff' then shows what changed.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

mvn -B -q -pl framework,experiments package -Dcyclonedx.skip -Dtest='CommandReferenceTest,ConfigReferenceTest' \
    -Dsurefire.failIfNoSpecifiedTests=false -Dchirplens.writeDocuments=true
