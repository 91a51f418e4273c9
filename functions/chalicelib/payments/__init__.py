"""Payment providers behind one port. **To add one, write a module beside sandbox.py and a line in `providers`.**"""

from chalicelib.domain.keys import Keys
from chalicelib.domain.settings import Settings
from chalicelib.payments.port import Provider


def providers(settings: Settings, keys: Keys) -> dict[str, Provider]:
    """Return the providers of this stage by name. The sandbox is there in sandbox stages only."""
    found: dict[str, Provider] = {}
    if settings.sandbox:
        from chalicelib.payments.sandbox import Sandbox

        found["sandbox"] = Sandbox(settings.shop_url, keys)
    return found
