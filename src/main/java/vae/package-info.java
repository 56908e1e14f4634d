/**
 * The TF1 tutorial's variational autoencoder, as a TensorFlow-Java graph project.
 *
 * <p>The packages are rooms; docs/architecture.md says what lives in each, and which it knows.
 *
 * <p>Where the tutorial's code has gone:
 *
 * <table>
 *   <caption>From the tutorial's symbols to files</caption>
 *   <tr><th>tutorial</th><th>here</th></tr>
 *   <tr><td>{@code num_input, hidden_dim, latent_dim}</td><td>{@link vae.config.NetworkShape}</td></tr>
 *   <tr><td>{@code learning_rate, num_steps, batch_size, disp_step}</td>
 *       <td>{@link vae.config.TrainingPlan}</td></tr>
 *   <tr><td>{@code read_images}</td><td>{@link vae.mnist.ImageList},
 *       {@link vae.tf1.InputPipeline}; {@link vae.mnist.MnistFiles}, {@link vae.mnist.MiniBatches}</td></tr>
 *   <tr><td>{@code Coordinator, start_queue_runners}</td><td>{@link vae.tf1.QueueRunners},
 *       {@link vae.train.QueuedBatches}</td></tr>
 *   <tr><td>{@code glorot_init}</td><td>{@code model.GlorotInit}</td></tr>
 *   <tr><td>{@code weights, biases}</td><td>{@code model.VaeParameters}</td></tr>
 *   <tr><td>{@code encoder}</td><td>{@code model.Encoder}</td></tr>
 *   <tr><td>{@code sampler, eps}</td><td>{@code model.Sampler}</td></tr>
 *   <tr><td>{@code decoder}</td><td>{@code model.Decoder}</td></tr>
 *   <tr><td>{@code vae_loss}</td><td>{@code model.VaeLoss}</td></tr>
 *   <tr><td>{@code RMSPropOptimizer, train_op}</td><td>{@code model.RmsProp}</td></tr>
 *   <tr><td>"build the model"</td><td>{@link vae.model.VaeGraph}</td></tr>
 *   <tr><td>{@code for step in range(1,num_steps)}</td><td>{@link vae.train.Trainer}</td></tr>
 *   <tr><td>{@code tf.train.Saver}</td><td>{@link vae.tf1.V2Saver}</td></tr>
 *   <tr><td>{@code saver.save}</td><td>{@link vae.checkpoint.Tf1Export}, {@link
 *       vae.storage.SavedModelWriter}, {@link vae.storage.ModelStore}</td></tr>
 *   <tr><td>{@code import_meta_graph, restore}</td><td>{@link vae.imports.Tf1Import}, {@link
 *       vae.search.GenerativeGraph}</td></tr>
 *   <tr><td>{@code add_to_collection, get_collection, get_all_collection_keys}</td>
 *       <td>{@link vae.tf1.GraphCollections}</td></tr>
 *   <tr><td>{@code print(i)} of a variable</td><td>{@link vae.tf1.ListedVariable}</td></tr>
 *   <tr><td>{@code noise_input, generate}</td><td>{@link vae.model.GeneratorGraph}</td></tr>
 *   <tr><td>{@code plt.imshow}</td><td>{@link vae.picture.Tiling}</td></tr>
 * </table>
 */
package vae;
