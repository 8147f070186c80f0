"""Memory: LoCoMo's long conversations, a memory a turn. The share of the turns
that hold the answer to a question among the first k recalled."""

import json
import pathlib
import re
import tempfile

import harness
from measurements import mean, page_for, percentile, record

CUTS = (5, 10, 20)


def main():
    parser = harness.options(__doc__)
    parser.add_argument("--file", type=pathlib.Path, required=True, help="locomo10.json (its licence forbids keeping it here)")
    arguments = parser.parse_args()
    if not arguments.file.is_file():
        raise harness.Unusable(f"--file is not a file: {arguments.file}")
    conversations = json.loads(arguments.file.read_text())
    rows, pooled, waits = [], [], []
    for conversation in conversations:
        memories = list(turns(conversation["conversation"]))
        questions = list(answerable(conversation["qa"], {memory["external_id"] for memory in memories}))
        with harness.fresh_state() as state, tempfile.TemporaryDirectory() as project:
            subject = harness.Program(arguments.program, project, state, daemon=False)
            remember(subject, memories)
            queries = [{"id": str(number), "query": text} for number, (text, _) in enumerate(questions)]
            answers, _ = subject.batch("recall", queries, "--limit", str(max(CUTS)))
        found = []
        for number, (_, gold) in enumerate(questions):
            answer = answers[str(number)]
            ids = [memory["external_id"] for memory in answer["memories"]]
            found.append([len(gold & set(ids[:cut])) / len(gold) for cut in CUTS])
            waits.append(answer["elapsed_ms"])
        pooled += found
        rows.append([conversation["sample_id"], len(memories), len(questions), *map(mean, zip(*found))])
    rows.append(["**all questions**", "", len(pooled), *map(mean, zip(*pooled))])
    record(
        "memory",
        "Memory: LoCoMo",
        ["Conversation", "Turns", "Questions", *(f"share @{cut}" for cut in CUTS)],
        rows,
        [f"Own conversation as pool. Recall p95 {percentile(waits, 0.95):.1f} ms."],
        page_for(arguments),
    )


def turns(conversation):
    """A memory for every turn: words and what a shared picture shows."""
    for key, session in conversation.items():
        if not re.fullmatch(r"session_\d+", key):
            continue
        for turn in session:
            caption = turn.get("blip_caption")
            yield {
                "text": turn["text"] + (f" [shares a picture: {caption}]" if caption else ""),
                "kind": "conversation",
                "actor": turn["speaker"],
                "session": key,
                "external_id": turn["dia_id"],
                "at_text": conversation[f"{key}_date_time"],
            }


def answerable(questions, known):
    """Questions with at least one turn as evidence; a few ids are misspelt."""
    for question in questions:
        written = " ".join(question.get("evidence") or [])
        ids = {f"D{int(a)}:{int(b)}" for a, b in re.findall(r"D:?(\d+):(\d+)", written)}
        if ids & known:
            yield question["question"], ids & known


def remember(subject, memories):
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl", encoding="utf-8") as file:
        for memory in memories:
            file.write(json.dumps(memory) + "\n")
        file.flush()
        subject.run("remember", "--batch", file.name)


if __name__ == "__main__":
    harness.main(main)
