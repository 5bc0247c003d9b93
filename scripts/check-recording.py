"""Reads a recording with the field's own readers. Not needed by the product.

python3 -m venv venv && venv/bin/pip install pyarrow pandas pillow   (and, if wanted: datasets, lerobot)
venv/bin/python scripts/check-recording.py DIR [CACHE]
"""
import io
import json
import pathlib
import sys

import pandas
import pyarrow.parquet as parquet


def check(condition, message):
    if not condition:
        sys.exit(f'FAILED: {message}')


root = pathlib.Path(sys.argv[1])
info = json.loads((root / 'meta/info.json').read_text())
check(info['codebase_version'] == 'v3.0', 'codebase_version')
tasks = pandas.read_parquet(root / 'meta/tasks.parquet')
check(tasks.index.name == 'task' and list(tasks.columns) == ['task_index'], f'tasks: {tasks}')
data = pandas.concat([parquet.read_table(p).to_pandas() for p in sorted((root / 'data').glob('*/*.parquet'))])
episodes = pandas.concat(
    [parquet.read_table(p).to_pandas() for p in sorted((root / 'meta/episodes').glob('*/*.parquet'))])
check(len(data) == info['total_frames'], 'total_frames')
check(len(episodes) == info['total_episodes'], 'total_episodes')
check((data['index'].to_numpy() == range(len(data))).all(), 'index')
check(set(data.columns) == {k for k, f in info['features'].items() if f['dtype'] != 'video'}, 'columns')
for key, feature in info['features'].items():
    if feature['dtype'] == 'image':
        from PIL import Image
        for cell in data[key]:
            picture = Image.open(io.BytesIO(cell['bytes']))
            picture.load()
            check(list(picture.size) == [feature['shape'][1], feature['shape'][0]], f'{key} size')
    elif feature['dtype'] != 'video' and feature['shape'] != [1]:
        check((data[key].map(len) == feature['shape'][0]).all(), f'{key} length')
for _, episode in episodes.iterrows():
    rows = data[(data['index'] >= episode['dataset_from_index']) & (data['index'] < episode['dataset_to_index'])]
    check(len(rows) == episode['length'] and (rows['episode_index'] == episode['episode_index']).all(), 'episode')
    check(list(tasks.index[rows['task_index'].unique()]) == list(episode['tasks']), 'task')
print(f'pyarrow: {len(episodes)} episodes, {len(data)} frames, {len(data.columns)} columns: ok')

try:
    import datasets
except ImportError as error:
    print(f'datasets: not tried ({error})')
else:
    # The types that LeRobot gives to `datasets` (get_hf_features_from_features).
    types = {}
    for key, feature in info['features'].items():
        if feature['dtype'] == 'image':
            types[key] = datasets.Image()
        elif feature['dtype'] != 'video':
            value = datasets.Value(feature['dtype'])
            length = feature['shape'][0]
            types[key] = value if length == 1 else datasets.Sequence(length=length, feature=value)
    paths = [str(p) for p in sorted((root / 'data').glob('*/*.parquet'))]
    for wanted in (datasets.Features(types), None):
        table = datasets.Dataset.from_parquet(paths, features=wanted, cache_dir=sys.argv[2] if len(sys.argv) > 2 else None)
        check(len(table) == info['total_frames'] and int(table[len(table) - 1]['index']) == len(table) - 1, 'datasets')
    print(f'datasets: {len(table)} rows, {table.features["observation.state"]}: ok')

try:
    from lerobot.datasets.lerobot_dataset import LeRobotDataset
except (ImportError, RuntimeError) as error:
    print(f'lerobot: not tried ({error})')
else:
    dataset = LeRobotDataset('local/recording', root=root)
    check(len(dataset) == info['total_frames'], 'lerobot length')
    for i in (0, len(dataset) // 2, len(dataset) - 1):
        item = dataset[i]
        check(int(item['index']) == i, 'lerobot index')
    shapes = {key: tuple(value.shape) for key, value in item.items() if hasattr(value, 'shape')}
    print(f'lerobot: {len(dataset)} frames, task {item["task"]!r}, {shapes}: ok')
