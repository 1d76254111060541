"""The documented default trajectory: a design default, not from clients.

Its numbers come from 20,000 simulated episodes, tuned to published summaries of adult self-rated ORS. It
holds for that stratum only (adult, ORS, the client's own rating) and may never be called a norm.
"""

from sessions_app.measures.trajectory.model import Model

SOURCE = "design default, not from clients (20,000 simulated episodes)"

DEFAULT = Model(
    version="default-1",
    source=SOURCE,
    beta=(16.979, 0.859, 7.895, -0.120, -2.274),
    gamma=(2.350, 1.703, -0.184, -0.013),
    quantiles=(
        (-1.286, -0.654, 0.030, 0.703, 1.326),
        (-1.303, -0.712, -0.040, 0.643, 1.228),
        (-1.273, -0.672, -0.012, 0.647, 1.238),
        (-1.311, -0.690, -0.013, 0.675, 1.302),
        (-1.520, -0.923, -0.253, 0.439, 1.091),
    ),
    alpha=(24.54, 0.669),
    gram=(
        (1.0, -0.407, 1.446, -0.690, 2.450),
        (-0.407, 52.607, -0.690, 75.192, -1.215),
        (1.446, -0.690, 2.450, -1.215, 4.679),
        (-0.690, 75.192, -1.215, 125.088, -2.201),
        (2.450, -1.215, 4.679, -2.201, 9.754),
    ),
)
