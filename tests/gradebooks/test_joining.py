from grader.gradebooks import joining


def test_a_long_list_is_cut():
    assert joining.listed([f"s{i}" for i in range(203)]).endswith("s199 and 3 more")
