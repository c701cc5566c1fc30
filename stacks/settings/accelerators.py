"""Rows of the accelerator catalogue, ``stacks/catalogue/accelerators.yaml``: EC2 instances with GPUs."""

import datetime
from typing import Annotated, Literal

from pydantic import Field, model_validator

from stacks.settings.catalogue import Row

Purchase = Literal["on-demand", "spot", "capacity-block"]
"""How EC2 sells an instance."""

INSTANCE_TYPE = r"^[a-z][a-z0-9-]*\.[a-z0-9-]+$"


class Accelerator(Row):
    """One EC2 instance type with GPUs."""

    gpu: str
    """The GPU, such as ``NVIDIA L4``; one name is one model with one amount of memory."""
    gpus: Annotated[int, Field(ge=1)]
    """How many of them."""
    gpu_memory_gib: Annotated[float, Field(gt=0)]
    """Memory of one GPU in GiB."""
    vcpus: Annotated[int, Field(ge=1)]
    """Virtual processors."""
    memory_gib: Annotated[float, Field(gt=0)]
    """Memory of the machine in GiB."""
    network_gbps: Annotated[float, Field(gt=0)]
    """Bandwidth that is always there, in Gbit/s."""
    nvme_gb: Annotated[int, Field(ge=0)]
    """Local disks together, in GB; 0 without any."""
    efa: bool
    """Whether it has an Elastic Fabric Adapter."""
    purchase: Annotated[list[Purchase], Field(min_length=1)]
    """How it is sold."""
    usd_per_hour: Annotated[dict[str, Annotated[float, Field(gt=0)] | None], Field(min_length=1)]
    """Region to the price on demand in US dollars. A region that is missing does not offer it; ``None`` is offered at a
    price that is not known."""
    no_price: str | None = None
    """Why a price is not known; only with a price that is ``None``."""
    unsuitable: str | None = None
    """Why no pool may be made of it; nothing against it if left out."""
    source: Annotated[str, Field(pattern=r"^https://")]
    """Where prices and regions were read."""
    source_date: datetime.date | Annotated[str, Field(pattern=r"^\d{4}-\d{2}(-\d{2})?$")]
    """The day on which they were."""

    @model_validator(mode="after")
    def _missing_prices_have_a_reason(self) -> "Accelerator":
        if (None in self.usd_per_hour.values()) != (self.no_price is not None):
            raise ValueError("no_price where a price of usd_per_hour is null, and only there")
        return self


class Accelerators(Row):
    """All accelerators that are known by name."""

    accelerators: dict[Annotated[str, Field(pattern=INSTANCE_TYPE)], Accelerator]
    """Instance type to what is known of it."""
