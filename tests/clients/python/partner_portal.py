"""azure-img-utils, speaking to a local portal."""

import sys

import requests
from azure_img_utils.azure_image import AzureImage
from azure_img_utils.cloud_partner import (
    get_cloud_partner_api_headers,
    get_cloud_partner_endpoint,
    process_request,
)
from requests.exceptions import HTTPError

PLACE = {"offer_id": "vm", "publisher_id": "contoso"}

_request = requests.Session.request


def _to_local(session, method, url, **rest):
    local = url.replace("https://cloudpartner.azure.com", sys.argv[1])
    return _request(session, method, local, **rest)


requests.Session.request = _to_local


def image():
    """The library's client, with a token that nobody looks at."""
    client = AzureImage(log_callback=None)
    client._access_token = "local"
    return client


def document(text):
    """An offer with one plan."""
    return {
        "offerTypeId": "microsoft-azure-virtualmachines",
        "definition": {"displayText": text, "plans": [{"planId": "small"}]},
    }


def create(text):
    """Creates the offer past the library, which takes 201 for a failure and sends again."""
    headers = get_cloud_partner_api_headers("local", content_type="application/json", if_match="*")
    answer = requests.put(get_cloud_partner_endpoint(**PLACE), headers=headers, json=document(text))
    return answer.status_code


def read():
    """The offer and its tag."""
    endpoint = get_cloud_partner_endpoint(**PLACE)
    headers = get_cloud_partner_api_headers("local")
    answer = process_request(endpoint, headers, json_response=False, retries=0)
    return answer.json(), answer.headers["ETag"]


def write(offer, if_match):
    """The status of a PUT that the library sends once."""
    endpoint = get_cloud_partner_endpoint(**PLACE)
    headers = get_cloud_partner_api_headers("local", content_type="application/json", if_match=if_match)
    try:
        answer = process_request(endpoint, headers, data=offer, method="put", json_response=False, retries=0)
    except HTTPError as error:
        return error.response.status_code
    return answer.status_code
