#!/bin/sh
# Starts, counts and stops agents as Fargate tasks.
#   agents.sh start N    agents.sh count    agents.sh stop
# CLUSTER, SUBNETS and SECURITY_GROUPS (with a comma between them) say where; FLEET names this fleet, TASK a revision of the task.
set -eu

: "${CLUSTER:?the ECS cluster}"
fleet=${FLEET:-squall}
task=${TASK:-squall-agent}
# Amazon starts at most ten tasks at one request.
largest_batch=10

usage() {
  sed -n '3,4s/^# *//p' "$0" >&2
  exit 2
}

# json_list "a,b" is ["a","b"]
json_list() { printf '["%s"]' "$(printf %s "$1" | sed 's/,/","/g')"; }

# request COUNT is what `aws ecs run-task` takes.
request() {
  cat <<EOF
{ "cluster": "$CLUSTER", "taskDefinition": "$task", "launchType": "FARGATE", "count": $1, "startedBy": "$fleet",
  "networkConfiguration": { "awsvpcConfiguration": {
    "subnets": $(json_list "$SUBNETS"), "securityGroups": $(json_list "$SECURITY_GROUPS"),
    "assignPublicIp": "${PUBLIC_IP:-DISABLED}" } } }
EOF
}

start() {
  : "${SUBNETS:?subnets with a comma between them}" "${SECURITY_GROUPS:?security groups with a comma between them}"
  missing=$1
  failures=0
  while [ "$missing" -gt 0 ]; do
    batch=$((missing < largest_batch ? missing : largest_batch))
    # A request that starts fewer than it was asked for is no error to the command: what counts is what was started.
    started=$(aws ecs run-task --cli-input-json "$(request "$batch")" --query 'length(tasks)' --output text) || started=0
    missing=$((missing - started))
    if [ "$started" -lt "$batch" ]; then
      failures=$((failures + 1))
      [ "$failures" -lt 5 ] || { echo "error: $missing of $1 agents could not be started; $0 stop ends the others" >&2 && exit 9; }
      sleep "${RETRY_SECONDS:-10}"
    fi
  done
  echo "$1 agents are starting; squall run --agents $1 waits for them"
}

tasks() { aws ecs list-tasks --cluster "$CLUSTER" --started-by "$fleet" --query 'taskArns[]' --output text; }

stop() {
  for arn in $(tasks); do
    [ "$arn" = None ] || aws ecs stop-task --cluster "$CLUSTER" --task "$arn" --reason 'agents.sh stop' --query 'task.taskArn' --output text
  done
}

case "${1-} ${2-}" in
  'start '[1-9]*) start "$2" ;;
  'count ') tasks | wc -w ;;
  'stop ') stop ;;
  *) usage ;;
esac
