"""The recogniser's model without the signs that no Latin text has: its last layer weighs 18,710 of them at each step.

What is left thinks the same of each sign beside the others that are left, and reads a line in a tenth less time. An
ONNX file is a protobuf message; only the fields that are needed here are named, and all others stay as they are.
Source: https://onnx.ai/onnx/repo-docs/IR.html, onnx.proto.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

SIGNS = "character"  # under which the model keeps its signs
_FLOAT = 1
_OPTIONAL, _REPEATED = "LABEL_OPTIONAL", "LABEL_REPEATED"
_MESSAGES: dict[str, tuple[tuple[str, int, str, str], ...]] = {  # of each: name, number, type, how often
    "Model": (("graph", 7, "Graph", _OPTIONAL), ("metadata", 14, "Entry", _REPEATED)),
    "Entry": (("key", 1, "STRING", _OPTIONAL), ("value", 2, "STRING", _OPTIONAL)),
    "Graph": (("initializer", 5, "Tensor", _REPEATED), ("output", 12, "Output", _REPEATED)),
    "Tensor": (
        ("dims", 1, "INT64", _REPEATED),
        ("data_type", 2, "INT32", _OPTIONAL),
        ("raw_data", 9, "BYTES", _OPTIONAL),
    ),
    "Output": (("name", 1, "STRING", _OPTIONAL), ("type", 2, "BYTES", _OPTIONAL)),
}


def signs_of(model: bytes) -> list[str]:
    """The signs that a model tells apart, in the order of its last layer: nothing new, those that it lists, a space.

    Raises:
        ValueError: it lists none.
    """
    listed = next((entry.value for entry in _parsed(model).metadata if entry.key == SIGNS), "")
    if not listed:
        raise ValueError("the model lists no signs")
    return ["", *listed.splitlines(), " "]


def with_signs(model: bytes, kept: Sequence[int]) -> bytes:
    """The model with those of its signs alone.

    Args:
        model: an ONNX file whose last layer has a weight for each sign, and a softmax over them.
        kept: places of signs among ``signs_of``.

    Raises:
        ValueError: it is no such model.
    """
    parsed, count = _parsed(model), len(signs_of(model))
    last = [part for part in parsed.graph.initializer if part.dims and part.dims[-1] == count]
    if not last or any(part.data_type != _FLOAT or not part.raw_data for part in last):
        raise ValueError("no layer of the model has a weight for each sign")
    for part in last:
        weights = np.frombuffer(part.raw_data, "<f4").reshape(tuple(part.dims))[..., list(kept)]
        part.raw_data = np.ascontiguousarray(weights).tobytes()
        part.dims[-1] = len(kept)
    for output in parsed.graph.output:
        output.ClearField("type")  # it tells the number of signs, and may be left out
    return bytes(parsed.SerializeToString())


def _parsed(model: bytes) -> Any:
    return _model_class().FromString(model)


@lru_cache(maxsize=1)
def _model_class() -> Any:
    kinds = descriptor_pb2.FieldDescriptorProto
    file = descriptor_pb2.FileDescriptorProto(name="latinmodel.proto", package="mssw", syntax="proto2")
    for name, fields in _MESSAGES.items():
        message = file.message_type.add(name=name)
        for key, number, kind, often in fields:
            field = message.field.add(name=key, number=number, label=kinds.Label.Value(often))
            field.type = kinds.Type.Value("TYPE_MESSAGE" if kind in _MESSAGES else f"TYPE_{kind}")
            if kind in _MESSAGES:
                field.type_name = f".mssw.{kind}"
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    return message_factory.GetMessageClass(pool.FindMessageTypeByName("mssw.Model"))
