from clockstop.analytics.synthetic.make import make_england

__all__ = ["make_england"]
