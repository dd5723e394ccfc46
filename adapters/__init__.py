"""The room that talks: the only place that knows a platform or a vendor."""
