"""Takes TensorFlow's C library and the headers of its C API out of its wheel: unpack-wheel.py WHEEL LIBRARIES HEADERS"""
import os
import shutil
import sys
import zipfile

wheel_path, library_folder, header_folder = sys.argv[1:]
LIBRARIES = ('tensorflow/libtensorflow_cc.so.2', 'tensorflow/libtensorflow_framework.so.2')
INCLUDE = 'tensorflow/include/'
HEADERS = ('tensorflow/c/', 'tensorflow/core/platform/', 'tensorflow/tsl/', 'tsl/')

with zipfile.ZipFile(wheel_path) as wheel:
    for name in wheel.namelist():
        if name in LIBRARIES:
            target = os.path.join(library_folder, os.path.basename(name))
        elif name.endswith('.h') and name.startswith(INCLUDE) and name[len(INCLUDE):].startswith(HEADERS):
            target = os.path.join(header_folder, *name[len(INCLUDE):].split('/'))
        else:
            continue
        os.makedirs(os.path.dirname(target), exist_ok=True)
        with wheel.open(name) as source, open(target, 'wb') as out:
            shutil.copyfileobj(source, out, 1 << 20)
