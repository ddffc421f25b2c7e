"""List statistics: sizes, week bands, percentiles and movements of waiting lists."""
