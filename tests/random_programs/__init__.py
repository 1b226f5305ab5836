"""Random programs: modules of imperative NumPy, each made of a seed, that do the same in every form.

    seed ─ Writer ─► text of a module ─ Module ─► its function f, in every form ─ check ─► Outcome ─ shrink ─► text

    python -m tests.random_programs --count 2000 --seed 0
"""
