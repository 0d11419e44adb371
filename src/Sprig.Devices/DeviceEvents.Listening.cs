using System.Runtime.ExceptionServices;
using Sprig.Synchronization;

namespace Sprig.Devices;

/// <content>What listeners hold.</content>
public sealed partial class DeviceEvents<T>
{
    private sealed class Ending(Action end) : IDisposable
    {
        private Action? _end = end;

        public void Dispose()
        {
            Action? last = _end;
            _end = null;
            last?.Invoke();
        }
    }

    private sealed class Stream : IAsyncEnumerator<T>
    {
        private readonly DeviceEvents<T> _source;
        private readonly BroadcastSubscription<T> _subscription;
        private readonly IAsyncEnumerator<T> _items;
        private bool _left;

        internal Stream(DeviceEvents<T> source, CancellationToken cancellationToken)
        {
            _source = source;
            _subscription = source.Listen();
            _items = _subscription.GetAsyncEnumerator(cancellationToken);
            source._streams++;
        }

        public T Current => _items.Current;

        public async ValueTask<bool> MoveNextAsync()
        {
            if (await _items.MoveNextAsync())
                return true;
            if (_source._error is { } error)
                ExceptionDispatchInfo.Throw(error);
            return false;
        }

        public ValueTask DisposeAsync()
        {
            if (!_left)
            {
                _left = true;
                _source._streams--;
                _subscription.Dispose();
            }

            return _items.DisposeAsync();
        }
    }
}
