using Sprig.Linux;
using Sprig.Polling;
using Sprig.Scheduling;

namespace Sprig.IO.Ports;

/// <summary>Waits for a name in the file system to lead to something, by an inotify on the folders in which its way may change: no
/// wake-up while nothing does. For one coroutine at a time.</summary>
internal sealed class DeviceArrival : IDisposable
{
    private const int MostLinks = 40;

    // Where the kernel gives no inotify (a user may have 128), or none of a folder that can't be listed, there is only looking.
    private static readonly TimeSpan s_blindLook = TimeSpan.FromSeconds(2);
    private readonly WaitQueue _looking;
    private readonly string _what;
    private readonly Func<int> _createInotify;
    private FileDescriptor? _inotify;
    private FdWatcher? _watcher;
    private bool _isBlind;
    private bool _isClosed;

    /// <summary>Does nothing yet.</summary>
    /// <param name="path">None of its folders need be there.</param>
    /// <param name="createInotify">For tests.</param>
    internal DeviceArrival(string path, Func<int>? createInotify = null)
    {
        Path = System.IO.Path.GetFullPath(path);
        _what = $"{path} to arrive";
        _looking = new WaitQueue(_what);
        _createInotify = createInotify ?? Inotify.Create;
    }

    internal string Path { get; }

    /// <summary>How often somebody was woken here to look again.</summary>
    internal long Wakes { get; private set; }

    /// <summary>Whether the name leads to something now. From here on a change ends <see cref="WaitAsync"/>.</summary>
    /// <exception cref="ObjectDisposedException">It was disposed.</exception>
    internal bool Look()
    {
        ObjectDisposedException.ThrowIf(_isClosed, this);
        Drain();
        _isBlind = false;
        bool? found;
        do found = TryWalk();
        while (found is null);
        return found.Value;
    }

    /// <summary>Sleeps until something has changed since the last <see cref="Look"/>, or a time is over.</summary>
    /// <exception cref="ObjectDisposedException">It was disposed meanwhile.</exception>
    internal async ValueTask WaitAsync(TimeSpan atMost, CancellationToken token)
    {
        if (_isBlind && (atMost == Timeout.InfiniteTimeSpan || atMost > s_blindLook))
            atMost = s_blindLook;
        long due = MonotonicTime.DueAfter(atMost, nameof(atMost));
        if (_watcher is null)
            await _looking.WaitAsync(due, token);
        else
            await IoWait.UntilReadable(_watcher, _what, due, token);
        if (_isClosed)
            throw new ObjectDisposedException(Path);
        Wakes++;
    }

    /// <summary>Wakes who waits with <see cref="ObjectDisposedException"/>.</summary>
    public void Dispose()
    {
        _isClosed = true;
        _looking.WakeAll();
        _watcher?.Dispose();
        _inotify?.Dispose();
    }

    /// <summary>Follows the name as the kernel would. Null: a folder went meanwhile; the way is another now.</summary>
    private bool? TryWalk()
    {
        Stack<string> rest = new();
        string folder = Enter(Path, "/", rest);
        int links = 0;
        while (rest.TryPop(out string? name))
        {
            string next = System.IO.Path.GetFullPath(System.IO.Path.Join(folder, name));
            if (rest.Count > 0 && LinkAt(next) is null && Directory.Exists(next))
            {
                folder = next;
                continue;
            }

            // First followed, and then looked at: what comes in between is told.
            if (!TryFollow(folder))
                return null;
            if (LinkAt(next) is { } target)
            {
                if (++links > MostLinks)
                    return false;
                folder = Enter(target, folder, rest);
            }
            else if (rest.Count == 0 || !Directory.Exists(next))
            {
                return rest.Count == 0 && System.IO.Path.Exists(next);
            }
            else
            {
                folder = next;
            }
        }

        return true;
    }

    // Puts a path's names before the rest of the way; gives the folder in which they are looked up.
    private static string Enter(string path, string folder, Stack<string> rest)
    {
        string[] names = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        for (int i = names.Length - 1; i >= 0; i--)
            rest.Push(names[i]);
        return path.StartsWith('/') ? "/" : folder;
    }

    private static string? LinkAt(string path)
    {
        try
        {
            return new FileInfo(path).LinkTarget;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    // False when there is no such folder any more.
    private bool TryFollow(string folder)
    {
        if (_inotify is null)
        {
            int created = _createInotify();
            if (created >= 0)
            {
                _inotify = new FileDescriptor(created);
                _watcher = CoroutineScheduler.Current.Reactor.Watch(created, read: true, write: false, Path);
            }
        }

        int result = _inotify is null ? -Errno.EMFILE : Inotify.FollowArrivals(_inotify.Number, folder);
        _isBlind |= result < 0;
        return result is not (-Errno.ENOENT or -Errno.ENOTDIR);
    }

    private void Drain()
    {
        if (_watcher is null)
            return;
        Span<byte> events = stackalloc byte[1024];
        while (Syscall.Read(_inotify!.Number, events) > 0)
        {
            // What it was doesn't matter: the way is looked at anew.
        }

        _watcher.ReadWouldBlock();
    }
}
