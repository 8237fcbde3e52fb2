"""architecture: parameters counted by hand, and the gates of a neuron."""

import pytest
from architecture import Settings, main


@pytest.mark.parametrize(
    ("sizes", "parameters", "gates"),
    [((3, 4, 4, 1), 16 + 20 + 5, "7 gates: 3 ×, 3 +, 1 relu"), ((2, 1), 3, "4 gates: 2 ×, 2 +")],
)
def test_parameters_and_gates(sizes, parameters, gates, tmp_path, capsys, renderer):
    main(Settings(sizes, out=tmp_path))
    output = capsys.readouterr().out
    totals = [line.split()[1] for line in output.splitlines() if line.startswith("total")]
    assert totals == [str(parameters), "1,578,506"]
    assert output.splitlines()[-3].endswith(gates)


@pytest.mark.parametrize("sizes", [(3,), (), (3, 0, 1), (13, 2)])
def test_rejects_invalid_sizes(sizes, tmp_path):
    with pytest.raises(ValueError, match="--sizes must be two or more whole numbers from 1, the first at most 12, got"):
        main(Settings(sizes, out=tmp_path))
