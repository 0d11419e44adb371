namespace Sprig.IO;

/// <summary>The file in which a program says what its outputs are to get if it dies without an end of its own (kill -9, no memory, a
/// crash of the runtime): kept while it holds some, gone when it has given them back.</summary>
/// <remarks>Written beside and renamed, so that no half file is ever there; locked, so that no other program takes it for its own while
/// this one lives, a child with the same environment least of all. Not safe for threads: its owner locks.</remarks>
internal sealed class SafeStateFile(string path, TextWriter errors)
{
    private FileStream? _kept;
    private string _text = "";
    private bool _hasComplained;

    /// <summary>The one that the environment names; null where it names none.</summary>
    internal static SafeStateFile? Of(Func<string, string?> environment)
        => environment("SPRIG_SAFE_STATE") is { Length: > 0 } path ? new SafeStateFile(path, Console.Error) : null;

    /// <summary>Writes what has changed. What goes wrong is told once, and stops nobody: pins matter more than this file.</summary>
    internal void Keep(IEnumerable<SafeLine> lines)
    {
        SafeLine[] all = [.. lines];
        string text = all.Length == 0 ? "" : SafeLine.ToText(all);
        if (text == _text)
            return;
        try
        {
            if (text.Length == 0)
                Delete();
            else
                Write(text);
            (_text, _hasComplained) = (text, false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            if (!_hasComplained)
                errors.WriteLine($"SPRIG_SAFE_STATE: {path} can't be kept, so pins stay as they are if this program is killed with -9: {e.Message}");
            _hasComplained = true;
        }
    }

    private void Write(string text)
    {
        if (_kept is null)
            ThrowIfAnothers();
        string beside = $"{path}.new";
        FileStream stream = new(beside, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        try
        {
            stream.Write(System.Text.Encoding.UTF8.GetBytes(text));
            File.Move(beside, path, overwrite: true);
        }
        catch
        {
            stream.Dispose();
            File.Delete(beside);
            throw;
        }

        _kept?.Dispose();
        _kept = stream;
    }

    private void Delete()
    {
        File.Delete(path);
        _kept?.Dispose();
        _kept = null;
    }

    // One that a killed program has left is nobody's: the lock went with its process.
    private void ThrowIfAnothers()
    {
        if (File.Exists(path))
            new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read).Dispose();
    }
}
