namespace Sprig.IO.Ports;

/// <summary>A port as its <see cref="Reconnection"/> sees it.</summary>
internal interface IReopening
{
    string Device { get; }

    bool IsDeviceOpen { get; }

    /// <summary>Opens the device with the port's settings, in the place of the one before.</summary>
    /// <exception cref="IOException">Not there, in use, or it refuses the settings.</exception>
    /// <exception cref="UnauthorizedAccessException">No permission, perhaps not yet.</exception>
    /// <exception cref="ObjectDisposedException">The port was closed.</exception>
    void OpenDevice(Reconnection reconnection);

    /// <summary>Runs what the user wants done before the others go on.</summary>
    ValueTask SetUpAsync();

    /// <summary>Closes the device, if it is open; those who read and write begin to wait for it.</summary>
    void LoseDevice(Reconnection reconnection, Exception failure);

    /// <summary>Whether an error tells that the device has gone.</summary>
    /// <param name="reconnection">Of the opening in which the operation began.</param>
    /// <param name="error">What it has thrown.</param>
    /// <param name="connection">How often the port was reopened when it began.</param>
    bool IsLoss(Reconnection reconnection, Exception error, long connection);

    void OnConnectionChanged();
}
