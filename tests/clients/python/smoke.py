"""Imports the client libraries and writes their versions."""

import json
from importlib.metadata import version

import azure_img_utils.azure_image
import azure_img_utils.cloud_partner
import googleapiclient.discovery
import O365

PACKAGES = ["O365", "azure-img-utils", "google-api-python-client"]

print(json.dumps({package: version(package) for package in PACKAGES}))
