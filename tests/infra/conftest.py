"""What the tests of infra share: the template and the zip, as they are packaged for this machine."""

import json
from typing import Any

import pytest
from cunbo.core.content import read
from cunbo.core.house import House, alone
from cunbo.deploy.package import LOCAL, Package, package


@pytest.fixture(scope="session")
def packaged() -> Package:
    """The package of the house as it stands."""
    house = House()
    with alone(house.build, wait=True):
        return package(house, LOCAL, read(house.content)[1])


@pytest.fixture(scope="session")
def template(packaged: Package) -> dict[str, Any]:
    """The packaged template."""
    return json.loads(packaged.template.read_text())
