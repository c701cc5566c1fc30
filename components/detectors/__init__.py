"""What looks on in one account and Region: recorder, threat detector, checks of the configuration, access analyzer."""

from components.detectors.args import DetectorsArgs, Recording
from components.detectors.component import Detectors
from components.detectors.recording import config_bucket_name

__all__ = ["Detectors", "DetectorsArgs", "Recording", "config_bucket_name"]
