"""Words that the small name model takes for people and places, though they are neither.

Only words that are nobody's name: `Mark`, `Grant` and `Chase` begin sentences too, and stay out.
"""

# What a prompt asks for: a capital at the beginning of an instruction looks like a first name to the model.
_ORDERS = """
accept add adjust analyse analyze answer apply arrange ask assess assume avoid be begin brainstorm break build
calculate can change check choose cite classify clean combine compare complete compose compute consider construct
convert copy correct create debug decide define delete demonstrate derive describe design detect determine develop
discuss divide do draft draw edit elaborate ensure estimate evaluate examine expand explain explore extract fetch fill
find finish fix focus follow format generate get give guess help highlight identify ignore imagine implement improve
include insert install instruct keep let list look maintain make match merge modify move multiply name never note
offer open optimize order organize outline paraphrase parse perform pick plan please plot predict prepare present
print produce proofread propose provide prove rank read recommend reduce refactor remember remove rename rephrase
replace reply respond return review revise reword rewrite round run search select send separate shorten show simplify
simulate sketch solve sort specify split start state stop suggest sum summarise summarize tell test think tidy
transform translate try turn update use utilize validate verify visualize wait walk what when where which who why work
write
"""
_TECHNICAL = """
ajax android angular ansible api apache arduino async aws azure bash bash-script bootstrap boolean c c# c++ cargo
chatgpt claude clojure cobol console css csv cuda cython dart django docker dockerfile eclipse ecmascript elasticsearch
elixir erlang excel express fastapi firebase flask flutter fortran git github gitlab golang google gpt gradle graphql
groovy hadoop haskell html http https java javascript jenkins jest jira jquery json julia jupyter kafka kotlin
kubernetes latex lean linux lua macos markdown matlab maven mermaid mongodb mysql nginx node node.js nodejs npm numpy
nuxt ollama openai openapi oracle pandas pascal perl php pip poetry postgres postgresql powerpoint powershell prolog
prometheus pydantic pypi pytest python pytorch qt rails react redis regex ruby rust scala scheme scikit-learn scipy
selenium sklearn slack solidity spark sql sqlite svelte swift swiftui tailwind tensorflow terraform toml typescript
ubuntu unity unix url utf-8 vim visual vue vuejs webpack windows word xml yaml youtube zsh
"""
_EVERYDAY = """
all always analysis and any appendix auto background bacterial both bullet case chapter chart class cluster code
column conclusion context correct customer data day decrease decreased decreases deep default diagram document dynamic
email equation everyday example exercise fact false figure function game goal guidelines history homogeneous increase
increased increases input instructions introduction invalid item key label language law lemma level local loop matrix
memory message method model negative neither network news no none not notes null object option output paragraph part
passage personal point positive premise private problem process project proof query question quick random recipe
reference report response result review row rule sample scenario scene section sentence sequence server short software
solution state statement static steady step story string student summary system table task template text theorem title
titles topic transfer true type undefined unit user valid value variable version week wrong yes
"""

ORDINARY = frozenset(f"{_ORDERS} {_TECHNICAL} {_EVERYDAY}".split())
