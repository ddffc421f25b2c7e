from clockstop.analytics.synthetic.england import make_england

__all__ = ["make_england"]
