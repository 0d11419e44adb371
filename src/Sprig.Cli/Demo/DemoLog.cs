namespace Sprig.Cli.Demo;

/// <summary>What the demo says of its events: lines on the output, or the newest few on the screen.</summary>
internal sealed class DemoLog
{
    private const int Kept = 6;
    private readonly Queue<string> _newest = new();

    /// <summary>Set where lines go straight to the output; null where the screen shows them.</summary>
    internal TextWriter? Output { get; set; }

    internal IReadOnlyCollection<string> Newest => _newest;

    internal void Say(string line)
    {
        Output?.WriteLine(line);
        _newest.Enqueue(line);
        if (_newest.Count > Kept)
            _newest.Dequeue();
    }
}
