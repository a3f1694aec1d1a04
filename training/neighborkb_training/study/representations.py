"""What else of a trained encoder a memory could store: `python -m neighborkb_training.study.representations --help`.

The weights of finished seeds, exported with another representation; the classifier's logits stay as they are.
"""

from __future__ import annotations

import torch

from .model import REPRESENTATIONS
from .run import Run, study_parser


def main() -> None:
    """Measure and export the representations of finished seeds."""
    parser = study_parser(__doc__)
    parser.add_argument("--representations", type=lambda value: value.split(","), default=list(REPRESENTATIONS[1:]),
                        help=f"of {', '.join(REPRESENTATIONS)}")
    options = parser.parse_args()
    run = Run(options)
    for seed in options.seeds:
        state = torch.load(run.work(seed) / "model.pt", weights_only=True)
        for representation in options.representations:
            model = run.new_model()
            model.load_state_dict(state["model"])
            model.representation = representation
            run.deliver(model, f"seed{seed}-{representation}", seed, state["history"])


if __name__ == "__main__":
    main()
