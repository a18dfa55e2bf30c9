"""Every sentence that a learner can read and that is not a misconception's own, by key.

A message has a rationale (what is wrong) and a help (what to try). Both are templates for `str.format`;
values are filled in by `feedback`, which shortens and cleans what comes from a submission.
"""

from __future__ import annotations

from typing import NamedTuple

from grader.model import Feedback


class Message(NamedTuple):
    """A pair of templates; `help` may be None where there is nothing to try."""

    rationale: str
    help: str | None = None


MESSAGES: dict[str, Message] = {
    # checks/structure: what kind of thing was returned
    "nothing_returned": Message("{name} is None.", "A function without `return` gives None: return the result."),
    "wrong_type": Message(
        "{name} should be {expected}, and is {actual}.", "Return exactly what the docstring promises."
    ),
    "ragged": Message("{name} is a list whose rows have different lengths.", "Build one array with a shape."),
    "complex_numbers": Message(
        "{name} has complex numbers.", "Look for the square root or power of a negative number."
    ),
    "wrong_shape": Message(
        "{name} has shape {actual}, but should be {expected}.",
        "Write the shape of every factor beside the line that computes it; sums need axis=… and keepdims=True.",
    ),
    "transposed_shape": Message(
        "{name} has shape {actual}, but should be {expected}: the axes are exchanged.",
        "Transpose it, or exchange the factors of the matrix product.",
    ),
    "lost_dimension": Message(
        "{name} has shape {actual}, but should be {expected}: a dimension of size one got lost.",
        "Sum with keepdims=True.",
    ),
    "not_finite": Message(
        "{name} has {what}{where} ({count} of {total} entries).",
        "Look for a division by zero, log(0) or an exponential that overflows.",
    ),
    "not_a_number": Message("{name} should be one number, and is {actual}.", "Sum over all entries, without axis."),
    "size_one": Message(
        "{name} is an array of shape {shape}; a plain number was asked for.", "Use .item() or np.squeeze."
    ),
    "wrong_count": Message(
        "{call} should return {count} values: {names}. Yours returned {actual}.", "Return all of them, in this order."
    ),
    "missing_key": Message(
        "{name} has no key {key}{hint}.", "Its keys are {keys}; the docstring says which are needed."
    ),
    "not_binary": Message("{name} should hold only 0 and 1.", "Compare the probability with the threshold."),
    # checks/values: what the values are
    "wrong_length": Message("{name} should have {expected} entries, and has {actual}.", None),
    "wrong_plain": Message("{name} is not what it should be; it is {actual}.", None),
    "wrong_number": Message("{name} is wrong (relative error {error}).", None),
    "wrong_number_shown": Message("{name} should be {expected}, and is {actual}.", None),
    "wrong_entries": Message(
        "{name} is wrong in {count} of {total} entries, the first{where} (relative error up to {error}).", None
    ),
    "wrong_entries_shown": Message(
        "{name} is wrong in {count} of {total} entries. The first{where} should be {expected}, and is {actual}.", None
    ),
    "wrong_array_shown": Message("{name} should be\n{expected}\nand is\n{actual}", None),
    "not_deterministic": Message(
        "{name} gives different results for the same arguments.",
        "Draw random numbers only from the rng that is passed in, and keep nothing between calls.",
    ),
    "argument_ignored": Message("{name} does not depend on {argument}.", "Use the argument {argument}."),
    # training, in tests of `fit`
    "too_few_costs": Message("fit recorded {count} costs; at least two are needed.", "Append the cost in the loop."),
    "cost_does_not_fall": Message(
        "Training does not bring the cost down: in the end it is {last}.",
        "Check that every iteration goes forward, computes the gradients of the *current* parameters, and keeps the "
        "update.",
    ),
    "accuracy_too_low": Message(
        "The trained network recognises only {accuracy} % of its own training images.",
        "Check that X and Y are the arguments of fit, and that the update goes against the gradient.",
    ),
    "costs_do_not_fit": Message(
        "The recorded costs are not those of the training: the last one does not fit the parameters that fit returns.",
        "Record the cost of the current parameters in every iteration, in order.",
    ),
    # checks/exceptions
    "not_raised": Message(
        "{name} should raise {expected}, and returns something.", "Write `raise {expected}(…)` for it."
    ),
    "wrong_exception": Message("{name} should raise {expected}, and raises {actual}.", "Raise {expected} there."),
    # checks/vectorization
    "not_vectorized": Message(
        "{function} works through the examples one by one in Python: line {line} runs {times_before} times for "
        "{examples_before} examples, and {times} times for {examples}.",
        "Write it for all examples at once: array expressions, @ and np.sum with axis take the place of the loop.",
    ),
    # checks/gradients
    "gradient_differs": Message(
        "{name} is not the gradient: it differs from the numerical one in {count} of {total} entries, the first{where} "
        "(relative error {error}).",
        "Derive this quantity once more by the chain rule, and compare shapes and the factor 1/m.",
    ),
    "gradient_direction_differs": Message(
        "{name} is not the gradient: along random directions it differs from the numerical one "
        "(relative error {error}).",
        "Derive this quantity once more by the chain rule, and compare shapes and the factor 1/m.",
    ),
    # checks/statistics
    "wrong_mean": Message(
        "{name} should have mean {expected}, and has {actual}.",
        "Draw around zero: standard_normal, not uniform on [0, 1).",
    ),
    "wrong_std": Message(
        "{name} should have standard deviation {expected}, and has {actual}.", "Check the factor behind the draw."
    ),
    "std_of_mistake": Message(
        "{name} should have standard deviation {expected}, and has {actual}: {mistake}.",
        "Check the factor behind the draw.",
    ),
    "never_negative": Message(
        "{name} is never negative; half of it should be.",
        "Draw from a normal distribution, rng.standard_normal(shape), not uniformly from [0, 1).",
    ),
    "not_symmetric": Message(
        "{share} % of {name} are negative; it should be half.", "Draw from a distribution around zero."
    ),
    "wrong_kept_fraction": Message(
        "{actual} of {name} is kept; it should be {expected}.", "Keep where a uniform number is below keep_prob."
    ),
    "not_independent": Message(
        "{name} are not independent of each other.", "Draw new random numbers for each of them."
    ),
    "entries_repeat": Message("Entries of {name} repeat.", "Draw every entry by itself."),
    "sample_not_finite": Message("{name} has NaN or infinity.", "Look for a division by zero in the factor."),
    # checks/diagnosis: patterns in the difference
    "pattern_transposed": Message(
        "The axes of {what} are exchanged; the values are right.",
        "Exchange the axes (.T), or the factors of the product.",
    ),
    "pattern_sign": Message(
        "The sign of {what} is wrong; all else is right.", "Look for a forgotten or a doubled minus."
    ),
    "pattern_factor": Message(
        "Exactly {factor} times as large as it should be: {what}.",
        "Look where this factor enters, or where it is missing or doubled.",
    ),
    "pattern_missing_term": Message(
        "Missing in {what}: {argument}.",
        "Look for a term that is forgotten or has the wrong sign; write the formula beside the line.",
    ),
    "pattern_extra_term": Message(
        "Too much in {what}: {argument}.",
        "Look for a term that is added twice, does not belong there, or should be subtracted.",
    ),
    "pattern_permuted": Message(
        "All {line} are there, but in another order: {what}.",
        "Look for an index that runs backwards, or for arrays that are put together in the wrong order.",
    ),
    "pattern_broadcast": Message(
        "A row and a column were combined by broadcasting: {what}. The right values are on the diagonal of an (m, m) "
        "array.",
        "Write the shape of every operand beside the line: shape (m,) or (1, m) against (m, 1) gives (m, m).",
    ),
    "pattern_summed_up": Message(
        "Summed over everything, where every row or column has its own value: {what}.",
        "Give the sum an axis, and keepdims=True.",
    ),
    "pattern_other_axis": Message(
        "Summed over the wrong axis: {what}.",
        "Of a matrix, a sum with axis=1 leaves one value for every row, and with axis=0 one for every column.",
    ),
    "pattern_region": Message(
        "{what} is wrong exactly where argument {position} is {sign}, and right elsewhere.",
        "Look at the branch for these entries.",
    ),
    "pattern_line": Message("{what} is wrong in {line} only.", "Look at the bounds of the loop or slice."),
    "pattern_two": Message(
        "Two mistakes at once. The first: {mistake} The second: exactly {factor} times as large as it would be "
        "then: {what}.",
        "For the first: {remedy} For the second, look where this factor enters, or where it is missing or doubled.",
    ),
    "pattern_parts": Message("Wrong: {wrong}. Right: {right}.", None),
    # sandbox/running: what happened while the file was loaded
    "load_statement_hung": Message(
        "{where} did not end within {seconds} seconds and was left out.",
        'Move what runs long below `if __name__ == "__main__":`.',
    ),
    "load_statement_crashed": Message("{where} ended the Python process and was left out.", "Remove it from the file."),
    "load_gave_up": Message(
        "The file could not be loaded: it ends its process again and again.",
        "Remove from the top level whatever ends the process or never ends.",
    ),
    # submissions: what was handed in, before any of it ran
    "submission_missing": Message(
        "Nothing was submitted: there is no {file}.",
        "Hand in one file named exactly {file}, or the notebook of the same name.",
    ),
    "submission_misnamed": Message(
        "Nothing was submitted under the name {file}; found were: {files}.",
        "Hand in one file named exactly {file}, or the notebook of the same name.",
    ),
    "submission_ambiguous": Message(
        "It is not clear which file counts: {files}.",
        "Hand in one file, named exactly {file}.",
    ),
    "submission_empty": Message(
        "{file} is empty.", "Save your work in the editor, look at the file's size, and hand it in again."
    ),
    "submission_binary": Message(
        "{file} is not Python source: it is {kind}.",
        "Hand in the .py or .ipynb file itself, not an export, a picture or an archive of it.",
    ),
    "submission_too_large": Message(
        "{file} is too large: {size}, where {limit} are allowed.",
        "Keep data and results out of the file; in a notebook, clear the outputs before you save.",
    ),
    "submission_folder": Message(
        "{file} is a folder, not a file.", "Hand in the file itself; a folder of this name hides it."
    ),
    "submission_link": Message(
        "{file} is a link to another file, and links are not followed.",
        "Hand in a copy of the file in place of the link.",
    ),
    "submission_folder_link": Message(
        "{folder} is a link to another folder, and links are not followed.",
        "Hand in a folder with the file in it, not a link.",
    ),
    "submission_special": Message("{file} is {kind}, not a file.", "Hand in an ordinary file."),
    "submission_broken_notebook": Message(
        "{file} is no notebook that can be read: {reason}.",
        "Open it in Jupyter and save it again; when that fails too, copy your cells into a new notebook.",
    ),
    "submission_without_code": Message(
        "{file} has no code cell with code in it.",
        "Write the functions in code cells; text in Markdown cells does not run.",
    ),
    "submission_two_formats": Message(
        "Both {file} and {other} were handed in; {file} counts.",
        "Hand in only the one that holds your work.",
    ),
    "check_newer_of_two": Message(
        "{file} was saved last and is what was checked; {other} was not looked at.",
        "Hand in the one that holds your work; where both are handed in, {other} counts.",
    ),
    "submission_copies": Message("{file} counts; these were not looked at: {others}.", "Hand in one file."),
    "submission_renamed": Message(
        "{file} was taken for {expected}.", "Hand the file in as {expected}, so that nobody has to guess."
    ),
    "submission_time_unknown": Message(
        "The time in {file} cannot be understood, so the time of this submission is not known.", None
    ),
    # downloads: what the system says from which the submissions were downloaded
    "submission_late": Message("{source} marks this submission as late.", None),
    "submission_late_by": Message("This was handed in {time} after the due date.", None),
    "submission_last_attempt": Message("{file} counts, as it was handed in last; not looked at: {others}.", None),
    "submission_active_attempt": Message(
        "Of {count} attempts the one that is active in Gradescope counts; it was handed in at {last}.", None
    ),
    # sandbox/explanations: what happened when a function was called
    "missing": Message(
        "There is no function {function} in the submission.",
        "Define {function} with exactly this name, at the top level of the file.",
    ),
    "lost_definition": Message(
        "{function} in line {line} could not be read, so it does not exist for the tests.",
        "The notes about reading the file say what is wrong there; correct that first.",
    ),
    "not_callable": Message(
        "{function} is not a function: the name is bound to something else in line {line}.",
        "Give the other thing another name, so that {function} is your function again.",
    ),
    "stub": Message(
        "{function} is still the stub of the starter code.", "Replace the `raise NotImplementedError` by your code."
    ),
    "not_implemented": Message(
        "{function} is not written yet: it raises NotImplementedError.",
        "Write it, and remove the `raise NotImplementedError` that is left in it.",
    ),
    "stub_called": Message(
        "{function} ends in NotImplementedError, raised by {called}.",
        "Write {called} first, or remove the `raise NotImplementedError` that is left in it.",
    ),
    "raised": Message(
        "{function} raised {exception}{text} in line {line}: `{source}`",
        "Call {function} on a small array of your own and print the shapes just before that line.",
    ),
    "raised_at_call": Message(
        "{function} could not be called: {exception}{text}",
        "Compare its parameters with the signature in the starter code: names are free, number and order are not.",
    ),
    "hint_truth_value": Message(
        "An `if` needs one truth value, and an array has many.",
        "Use np.where(condition, a, b), a boolean mask, or np.maximum instead of `if`.",
    ),
    "hint_shapes": Message(
        "The shapes do not fit together.",
        "Write the shape of every operand beside the line; a transpose (.T), a missing keepdims=True, or * in place of "
        "@ is the usual cause.",
    ),
    "hint_size_one": Message(
        "NumPy from 2.4 on refuses float() of an array with dimensions, even when it holds one number.",
        "Use .item(), or np.squeeze first.",
    ),
    "hint_none": Message("A value is None.", "A function without `return` gives None: look for the missing return."),
    "hint_parameter_key": Message(
        "The dictionary has no such key.",
        "Parameters are named W1, b1, W2 …, gradients dW1, db1, dW2 …, counted from 1 to L.",
    ),
    "hint_activation_key": Message(
        "The dictionary has no such key.",
        "Keep the gradient that goes down to the layer below in a variable: nobody else needs dA1, dA2, … in grads.",
    ),
    "hint_undefined_name": Message(
        "The function uses a name that does not exist when it runs.",
        "Pass the value in as an argument or define it inside: names from other cells may not exist here.",
    ),
    "hint_unbound_local": Message(
        "A variable is read before it has a value.",
        "It is assigned only in a branch or a loop that did not run for these inputs: give it a value before.",
    ),
    "hint_recursion": Message(
        "The function calls itself without end.", "Check that you call the function that you mean."
    ),
    "hint_index": Message(
        "An index lies outside.",
        "Check the bounds of the loop: range(1, L + 1) counts layers from 1 to L, lists count from 0.",
    ),
    "bad_return": Message(
        "{function} returned {kind}{where}, which is no number, array or container of such.",
        "Return plain numbers, NumPy arrays, strings, lists, tuples, sets or dicts.",
    ),
    "timed_out": Message(
        "{function} gave no answer within {seconds} seconds.",
        "Look for a loop that never ends, or work that is repeated in a loop and could be one array expression.",
    ),
    "timed_out_before": Message(
        "{function} was not called again, because it had given no answer in time in earlier tests.",
        "Look for a loop that never ends.",
    ),
    "cpu_limit": Message(
        "The submission used more than {seconds} seconds of processor time; {function} was running then.",
        "Look for a loop that never ends, or work that is repeated in a loop and could be one array expression.",
    ),
    "out_of_memory": Message(
        "{function} wanted more than the {mebibytes} MiB of memory that a submission may use.",
        "Look for an accidental broadcast, such as (m,) against (m, 1), which gives (m, m).",
    ),
    "crashed_signal": Message(
        "The Python process ended with {signal} while {function} was running.",
        "Run the function by itself: this comes from ctypes, from endless recursion in C, or from damaged memory.",
    ),
    "crashed_exit": Message(
        "The Python process ended (exit code {code}) while {function} was running.",
        "Remove os._exit, exit() and the like from the function; it should return its result.",
    ),
    "output_flood": Message(
        "{function} printed far too much and was stopped.", "Remove the print, or move it out of the loop."
    ),
    "broke_protocol": Message(
        "{function} disturbed the connection to the grader, and its process was stopped.",
        "Only the returned value counts; the function need not and must not touch open files or sockets.",
    ),
    "budget_spent": Message(
        "This test did not run: the {seconds} seconds for the whole submission were used up before.",
        "Make the slow functions faster; the other messages say which ran out of time.",
    ),
    "argument_changed": Message(
        "{function} changes its argument number {position} in place.",
        "Work on a copy (`x = x.copy()`), or build a new array: the caller may still need the old values.",
    ),
    "warning_raised": Message("{function} causes a warning{where}: {category}: {text}", None),
    "fault_elsewhere": Message(
        "{exercise} is right in itself, and gets its points: this test fails only because of {faulty}.",
        "Correct {faulty}; then this passes without help.",
    ),
    "wrong_result": Message("A test of {exercise} found a wrong result.", None),
    "wrong_result_shown": Message("A test of {exercise} found a wrong result: {text}", None),
    "nothing_to_run": Message("This test did not run, because the submission could not be read.", None),
    # worker/loader: what was noticed while the submission was loaded (keys: load_<kind of finding>)
    "load_encoding": Message(
        "The file is not saved as UTF-8; it was read as {detail}.",
        "Save it as UTF-8: editors have that under `Save with encoding` or in the status bar.",
    ),
    "load_null_bytes": Message(
        "The file holds null bytes ({detail}; the first is in line {line}); they were left out.",
        "Save it again as plain text in UTF-8.",
    ),
    "load_mixed_indentation": Message(
        "The indentation mixes tabs and spaces; every tab was read as spaces.",
        "Let your editor convert tabs to four spaces.",
    ),
    "load_python2_print": Message(
        "Line {line} prints in the way of Python 2, so the function or statement that it is in is lost.",
        "Write print(…) with parentheses.",
    ),
    "load_syntax_error": Message(
        "Line {line} is not valid Python ({detail}), so the function or statement that it is in is lost.",
        "Look for the fault there and just above: an open bracket or quote often shows only further down.",
    ),
    "load_statement_failed": Message(
        "The statement in line {line} fails: {detail}. The rest of the file was loaded without it.",
        "Restart and run the whole file from the top: it should run without an error.",
    ),
    "load_statement_exited": Message(
        "Line {line} ends the program; the rest of the file was loaded all the same.",
        "Remove exit() and sys.exit() outside of functions.",
    ),
    "load_stand_in_module": Message(
        "The module {detail} (line {line}) is not available here; nothing that is made with it has an effect.",
        "Plots and the like do no harm. What is graded may use NumPy, the standard library and your own functions.",
    ),
    "load_duplicate_definition": Message(
        "{detail} is defined more than once; the definition in line {line} counts.",
        "Keep one. The last definition counts that is more than a stub.",
    ),
    "load_too_many_findings": Message("There are {detail} more notes like these.", None),
    # autograde_tests/activations: inputs for which the plain formulas overflow
    "overflow_warning": Message(
        "{function} gives the right values for large inputs, but an exponential overflows on the way.",
        "Take exp of -np.abs(z), which is never positive, or clip z first. np.where alone does not help: it computes "
        "both branches for all entries, and then chooses.",
    ),
    "unstable_for_large_inputs": Message(
        "{function} gives no finite number at 1000 or -1000, where an exponential overflows. This costs no points.",
        "{remedy} works for all inputs.",
    ),
}

_LONGEST_VALUE = 500


def feedback(key: str, /, **values: object) -> Feedback:
    """The message `key` with its blanks filled in. Raises KeyError for an unknown key or a blank without value."""
    message = MESSAGES[key]
    clean = {name: _clean(value) for name, value in values.items()}
    help_text = None if message.help is None else message.help.format(**clean)
    return Feedback(key, message.rationale.format(**clean), help_text)


def _clean(value: object) -> str:
    """`value` as printable text of bounded length: submissions choose some of these texts."""
    text = str(value)
    if len(text) > _LONGEST_VALUE:
        text = text[: _LONGEST_VALUE - 1] + "…"
    return "".join(c if c.isprintable() or c == "\n" else "\N{REPLACEMENT CHARACTER}" for c in text)
