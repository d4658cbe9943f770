# Load as a careful person would write it for Locust: its fast HTTP user, no pause, every answer parsed and looked at.
# Gets its job as JSON in the environment; prints what came of it as JSON, in the last line of standard output.
import json
import os
import time

import gevent
from locust import FastHttpUser, constant, events, task

job = json.loads(os.environ["BENCHMARK_JOB"])
request = job["requests"][0]
counts = {"calls": 0}


class Caller(FastHttpUser):
    wait_time = constant(0)
    host = job["url"]

    @task
    def call(self):
        with self.client.post(
            job["url"], data=request["body"], headers=request["headers"], name="tools/call", catch_response=True
        ) as response:
            result = json.loads(response.content)["result"]
            if response.status_code != 200 or not isinstance(result["content"], list) or result.get("isError", False):
                raise ValueError(f"status {response.status_code}: {response.content}")
            counts["calls"] += 1


def measure(runner):
    while runner.user_count < len(job["requests"]):
        gevent.sleep(0.05)
    gevent.sleep(job["warmUpSeconds"])
    calls, cpu_seconds = counts["calls"], time.process_time()
    gevent.sleep(job["measuredSeconds"])
    result = {"calls": counts["calls"] - calls, "cpuSeconds": time.process_time() - cpu_seconds, "allCalls": counts["calls"]}
    failed = runner.stats.total.num_failures + len(runner.exceptions)
    if failed > 0:
        raise RuntimeError(f"{failed} calls failed")
    print(json.dumps(result), flush=True)
    runner.quit()


@events.test_start.add_listener
def on_test_start(environment, **_):
    gevent.spawn(measure, environment.runner).link_exception(lambda _: os._exit(1))
