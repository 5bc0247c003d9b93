"""Reads a recording with the field's own readers. Not needed by the product.

python3 -m venv venv && venv/bin/pip install pyarrow pandas numpy pillow   (and, if wanted: av, datasets, lerobot)
venv/bin/python scripts/check-recording.py DIR [CACHE]
"""
import io
import json
import pathlib
import sys

import numpy
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
first_picture = 'none'
for key, feature in info['features'].items():
    if feature['dtype'] == 'image':
        from PIL import Image
        for index, cell in enumerate(data[key]):
            picture = Image.open(io.BytesIO(cell['bytes']))
            picture.load()
            check(list(picture.size) == [feature['shape'][1], feature['shape'][0]], f'{key} size')
            check(len(picture.getbands()) == feature['shape'][2], f'{key} channels')
            if index == 0:
                first_picture = f'{picture.width}x{picture.height} {picture.mode} {picture.format}'
    elif feature['dtype'] != 'video' and feature['shape'] != [1]:
        check((data[key].map(len) == feature['shape'][0]).all(), f'{key} length')
for _, episode in episodes.iterrows():
    rows = data[(data['index'] >= episode['dataset_from_index']) & (data['index'] < episode['dataset_to_index'])]
    check(len(rows) == episode['length'] and (rows['episode_index'] == episode['episode_index']).all(), 'episode')
    check(list(tasks.index[rows['task_index'].unique()]) == list(episode['tasks']), 'task')
    laps = [round(float(time), 3) for time in episode['lap_times_s']]
    print(f"episode {episode['episode_index']}: {episode['length']} frames, {episode['track']}, {episode['driver']}, "
          f"{episode['simulator']}, {episode['outcome']}, laps {laps}, return {episode['return_sum']:.1f}")

for key in (key for key, feature in info['features'].items() if feature['dtype'] == 'video'):
    try:
        import av
    except ImportError as error:
        print(f'av: not tried ({error})')
        continue
    for number, group in episodes.groupby(f'videos/{key}/file_index'):
        chunk = group[f'videos/{key}/chunk_index'].iloc[0]
        with av.open(root / info['video_path'].format(video_key=key, chunk_index=chunk, file_index=number)) as video:
            pictures = [(frame.time, frame.width, frame.height) for frame in video.decode(video=0)]
        check(len(pictures) == group['length'].sum(), f'{key}: {len(pictures)} pictures')
        check(all(abs(time - i / info['fps']) < 1e-4 for i, (time, _, _) in enumerate(pictures)), f'{key}: times')
        check(list(pictures[0][1:]) == [info['features'][key]['shape'][1], info['features'][key]['shape'][0]], f'{key} size')
        first_picture = f'{pictures[0][1]}x{pictures[0][2]} of a video'

# The statistics, recomputed by numpy from the rows: exact, but for quantiles of many rows or of several files.
stats = json.loads((root / 'meta/stats.json').read_text())
worst = 0.0
for key, feature in info['features'].items():
    check(set(stats[key]) == {'min', 'max', 'mean', 'std', 'count', 'q01', 'q10', 'q50', 'q90', 'q99'}, f'{key} stats')
    if feature['dtype'] in ('image', 'video'):
        shape = (feature['shape'][2], 1, 1)
        check(all(numpy.shape(v) == shape for k, v in stats[key].items() if k != 'count'), f'{key} stats shape')
        check(0 <= numpy.min(stats[key]['min']) and numpy.max(stats[key]['max']) <= 1, f'{key} stats range')
        continue
    values = numpy.stack([numpy.atleast_1d(value) for value in data[key]]).astype(numpy.float64)
    spread = numpy.maximum(values.max(0) - values.min(0), 1e-12)
    for name in ('min', 'max', 'mean', 'std'):
        away = numpy.abs(getattr(values, name)(0) - stats[key][name])
        # Rewards and timestamps are summed before they are rounded to single precision.
        check((away <= 1e-5 * (1 + numpy.abs(values).max(0))).all(), f'{key} {name}: {away.max()} away')
    for name in ('q01', 'q10', 'q50', 'q90', 'q99'):
        # How much of the rows lies on the other side than it should, whatever gaps there are between values.
        part = int(name[1:]) / 100
        value = numpy.array(stats[key][name])
        slack = 1e-5 * spread
        below, upto = (values < value - slack).mean(0), (values <= value + slack).mean(0)
        worst = max(worst, float(numpy.maximum(0, numpy.maximum(below - part, part - upto)).max()))
print(f'pyarrow: {len(episodes)} episodes, {len(data)} frames, {len(data.columns)} columns, first picture '
      f'{first_picture}, statistics as numpy has them (quantiles within {100 * worst:.2f} % of the rows): ok')

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
