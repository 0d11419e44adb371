namespace Sprig.IO.Links;

/// <content>The rest of what a <see cref="Stream"/> has.</content>
public sealed partial class ReliableLink
{
    /// <inheritdoc/>
    public override bool CanRead => !_isDisposed;

    /// <inheritdoc/>
    public override bool CanWrite => !_isDisposed;

    /// <summary>Nothing to do: what was written is sent without being asked. It does not wait until it has come, as
    /// <see cref="DrainAsync"/> does.</summary>
    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Its name.</summary>
    public override string ToString() => Name;
}
