# The commands of this checkout; each is a script, so that it can be read and run alone.

.POSIX:
.PHONY: help demo test soak eval bench clean

help:
	@echo 'make demo           build, and run the main job on Django (DEMO=path: on that project)'
	@echo 'make test           install what is needed, build, run every check and test'
	@echo 'make soak           the long rounds in full (make test runs them reduced)'
	@echo 'make eval NAME=...  measure against a public reference; without NAME, list them'
	@echo 'make clean          remove what was built'

demo:
	@scripts/demo.sh "$(DEMO)"

test:
	@scripts/test.sh

soak:
	@scripts/soak.sh 200

eval bench:
	@cargo xtask eval $(NAME) $(OPTIONS)

clean:
	@cargo clean
